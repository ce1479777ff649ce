"""Every option and argument, each with its help, its panel and the parser of its value; a file for each concern."""
