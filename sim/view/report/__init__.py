"""A results folder as one page to send: what was asked, what was found, how it came, and what it cannot say."""
