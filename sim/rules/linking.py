"""How rules become machine code: once, inside the kernels that call them.

Numba makes machine code of every function it compiles, and works through the code of all that the function calls
once more, level after level.  Two small changes to where it keeps code (its documented custom pipelines) save that:

* a rule stays an intermediate text, which is optimised and turned into machine code inside each kernel that uses it;
* a kernel that calls another kernel calls its machine code, as it would call `math.log`, instead of taking it in.

So every kernel is worked through once and holds all of its rules, under names that nobody else sees.  The name under
which it is called says what it was made of (`cache_key`), so whichever process left it on disk, it is the right one.
None of this touches the arithmetic: the same operations in the same order, hence the same bits.  Where a release of
numba keeps code otherwise (`FITS` is false), rules and kernels are compiled its usual way, which only takes longer.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
from collections.abc import Callable
from typing import Any

import numba
from numba.core.codegen import CodeLibrary, CPUCodeLibrary, JITCodeLibrary
from numba.core.compiler import Compiler, Flags
from numba.core.compiler_machinery import register_pass
from numba.core.environment import lookup_environment
from numba.core.itanium_mangler import mangle
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering

KERNELS: list[Any] = []  # every entry point, in the order in which they are defined
USED = {"_reload_init", "_linking_libraries", "_final_module"}  # of numba's own; older releases lack the first
FITS = {name for library in (CodeLibrary, CPUCodeLibrary) for name in library.__init__.__code__.co_names} >= USED


class Rule:
    """A rule as Python code sees it: kernels take in its text; called from Python it is an entry point itself."""

    def __init__(self, function: Callable, flags: dict) -> None:
        functools.update_wrapper(self, function)
        self._text = numba.njit(pipeline_class=RuleCompiler, **flags)(function)
        self._alone = numba.njit(pipeline_class=kernel_compiler("alone"), **flags)(function)

    @property
    def _numba_type_(self) -> Any:
        """What the compiler takes this object for; `numba.typeof` asks."""
        return self._text._numba_type_

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What the rule gives, from machine code of its own."""
        return self._alone(*arguments, **named)


class RuleLibrary(JITCodeLibrary):
    """The text of a rule and of all that it calls; no machine code."""

    def finalize(self) -> None:
        """Put in what is called, and leave the rest to the kernels."""
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True


class KernelLibrary(JITCodeLibrary):
    """The machine code of a kernel: all of its rules are in it, and nothing of other kernels."""

    def __init__(self, codegen: Any, name: str, key: str) -> None:
        super().__init__(codegen, name)
        self.key = key
        self._own: set[str] = set()
        self.enable_object_caching()

    def add_llvm_module(self, ll_module: Any) -> None:
        """Take in a part of the kernel itself, which others may call."""
        self._own |= {function.name for function in ll_module.functions if not function.is_declaration}
        super().add_llvm_module(ll_module)

    def add_linking_library(self, library: Any) -> None:
        """Take in a rule; another kernel is only made sure of, now and whenever this one is loaded."""
        for callee in KERNELS:
            for compiled in callee.overloads.values():
                if compiled.library is library:
                    arguments = compiled.signature.args
                    self._reload_init.add(functools.partial(provide, callee.__module__, callee.__name__, arguments))
                    return
        super().add_linking_library(library)

    def _optimize_final_module(self) -> None:
        """Hide all that was put in, so that what is not called any more can go."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in self._own:
                function.linkage = "internal"
        super()._optimize_final_module()


def provide(module: str, name: str, arguments: tuple) -> None:
    """See to it that a kernel has machine code before another that calls it is loaded."""
    getattr(importlib.import_module(module), name).compile(arguments)


class KernelLower(Lower):
    """Names a kernel after what it is made of, not after the number of functions compiled before it."""

    def __init__(self, context: Any, library: KernelLibrary, fndesc: Any, *rest: Any, **named: Any) -> None:
        types = hashlib.sha256(str(fndesc.argtypes).encode()).hexdigest()[:16]
        fndesc.mangled_name = mangle(f"{fndesc.modname}.{fndesc.qualname}", (), abi_tags=(library.key, types))
        super().__init__(context, library, fndesc, *rest, **named)


@register_pass(mutates_CFG=True, analysis_only=False)
class KernelLowering(NativeLowering):
    """Writes the kernel down and makes machine code of it."""

    _name = "kernel_lowering"
    lowering_class = KernelLower

    def run_pass(self, state: Any) -> bool:
        """Its rules may need Python objects at run time, to raise an exception for example: say where they are."""
        super().run_pass(state)
        for variable in state.library._final_module.global_variables:
            environment = lookup_environment(variable.name)
            if environment is not None:
                state.library.codegen.set_env(variable.name, environment)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class RuleLowering(NativeLowering):
    """Writes the rule down, and says that it may be called, as numba does after making machine code."""

    _name = "rule_lowering"

    def run_pass(self, state: Any) -> bool:
        """The rule is known to its callers by an object of its own, in place of an entry point."""
        super().run_pass(state)
        lowered = state["cr"]
        known_by = object().__dir__  # a built-in method is what the dispatcher insists on; nobody calls it
        state.targetctx.insert_user_function(known_by, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=known_by)
        return True


class Types(tuple):
    """Types of arguments; numba asks for their name at each of its passes, and that of a state is a long one."""

    @functools.cached_property
    def name(self) -> str:
        """The name, made once."""
        return tuple.__repr__(self)

    def __str__(self) -> str:
        return self.name


class QuickFlags(Flags):
    """Flags of a function; numba looks up by them what it knows of `+` or `min`, tens of thousands of times."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Compare what was set; only where that differs, every option with its default."""
        return self._values == getattr(other, "_values", None) or super().__eq__(other)

    def __hash__(self) -> int:
        """The same for all flags, as in numba, where it is made of the names of the options."""
        return FLAGS_HASH


FLAGS_HASH = hash(Flags())


class QuickCompiler(Compiler):
    """Numba's compiler, spared of naming and comparing the same things again and again."""

    def __init__(self, *given: Any) -> None:
        typing, target, library, types, result, flags, *others = given
        super().__init__(typing, target, library, Types(types), result, QuickFlags(flags), *others)


class RuleCompiler(QuickCompiler):
    """Writes the text of a rule; leaves machine code to the kernels."""

    def define_pipelines(self) -> list:
        """The usual passes, with the rule's library and no entry point for Python."""
        self.state.flags.no_compile = self.state.flags.no_cpython_wrapper = True
        self.state.library = RuleLibrary(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        return [_with(RuleLowering, manager) for manager in super().define_pipelines()]


class KernelCompiler(QuickCompiler):
    """Makes the machine code of a kernel."""

    key: str

    def define_pipelines(self) -> list:
        """The usual passes, with the kernel's library."""
        name = self.state.func_id.func_qualname
        self.state.library = KernelLibrary(self.state.targetctx.codegen(), name, self.key)
        return [_with(KernelLowering, manager) for manager in super().define_pipelines()]


def kernel_compiler(key: str) -> type[KernelCompiler]:
    """The compiler of the kernels of one module, whose sources have this key."""
    return type("KernelCompiler", (KernelCompiler,), {"key": key})


def _with(lowering: type[NativeLowering], manager: Any) -> Any:
    """The same passes with another last but one."""
    manager.passes = [(lowering if step is NativeLowering else step, name) for step, name in manager.passes]
    manager.finalize()
    return manager
