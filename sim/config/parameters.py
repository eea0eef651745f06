"""The parameters as the rule book reads them (`Params`) and as a researcher sets them (`Parameters`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.config.field import (
    Air,
    Drones,
    Engagement,
    Escalation,
    Movement,
    Raids,
    Responses,
    Restraint,
    Sensing,
)
from sim.config.groups import Command, Environment, Leash, Line, Roe, Scenario, Theory
from sim.rules.rows import Row
from sim.rules.tables import World


class Params(Row):
    """Everything the rules may read and never change: the declared numbers and what follows from them."""

    step_min: float
    scenario: Scenario
    roe: Roe
    theory: Theory
    environment: Environment
    command: Command
    movement: Movement
    sensing: Sensing
    line: Line
    leash: Leash
    responses: Responses
    engagement: Engagement
    air: Air
    raids: Raids
    drones: Drones
    restraint: Restraint
    escalation: Escalation
    world: World


@dataclass
class Parameters:
    """The same groups as a researcher sets them."""

    scenario: Scenario = field(default_factory=Scenario)
    roe: Roe = field(default_factory=Roe)
    theory: Theory = field(default_factory=Theory)
    environment: Environment = field(default_factory=Environment)
    command: Command = field(default_factory=Command)
    movement: Movement = field(default_factory=Movement)
    sensing: Sensing = field(default_factory=Sensing)
    line: Line = field(default_factory=Line)
    leash: Leash = field(default_factory=Leash)
    responses: Responses = field(default_factory=Responses)
    engagement: Engagement = field(default_factory=Engagement)
    air: Air = field(default_factory=Air)
    raids: Raids = field(default_factory=Raids)
    drones: Drones = field(default_factory=Drones)
    restraint: Restraint = field(default_factory=Restraint)
    escalation: Escalation = field(default_factory=Escalation)
