"""Workflow commands of GitHub Actions, escaped as its runner reads them."""


def workflow_command(command: str, message: str, **properties: object) -> str:
    """Return the line ``::command name=value,...::message``; properties that are None are left out."""
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{command}{f' {told}' if told else ''}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
