"""The table: what servers do, and what is to be said of it, by RFC 9110 and 9112.

Where browsers or curl judge otherwise, the row says why this does not follow them.
"""

from typing import Final

from live.answers.rows.bodies import BODIES
from live.answers.rows.ends import ENDS
from live.answers.rows.form import FORM
from live.answers.rows.head_method import HEAD
from live.answers.rows.interim import INTERIM
from live.answers.rows.redirects import REDIRECTS
from live.answers.rows.robots import ROBOTS
from live.answers.rows.sizes import SIZES
from live.answers.rows.slowness import SLOWNESS
from live.answers.rows.strangers import STRANGERS
from live.answers.rows.tls import TLS

TABLE: Final = (
    *INTERIM,
    *SIZES,
    *SLOWNESS,
    *ENDS,
    *BODIES,
    *FORM,
    *STRANGERS,
    *TLS,
    *REDIRECTS,
    *HEAD,
    *ROBOTS,
)
