"""Words that are dangerous wherever they are taken for more than words."""

from __future__ import annotations

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "</textarea><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "[x](javascript:alert(1))",
    "<!--<script>alert(1)//-->",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "'; DROP TABLE runs; --",
    "../../etc/passwd",
    "__import__('os').system('true')",
    "${oc.env:HOME}",
    "\u202egnp.exe",
    "\x00\x1b[31m",
)
