"""Who may import whom: every module has a row, and nothing is imported beyond it."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEAVES = ["core.errors", "core.registry"]
NUMERICS = [
    *LEAVES,
    "core.features",
    "core.transforms",
    "core.network",
    "core.activations",
    "core.losses",
    "core.optimizers",
    "core.schedules",
    "core.penalties",
    "core.clipping",
    "core.dropout",
    "core.trace",
    "core.snapshot",
]
# Module or package -> what of the project it may import; a package's modules may always import each other.
ROWS: dict[str, list[str]] = {
    "core.errors": [],
    "core.registry": ["core.errors"],
    "core.trace": [],
    "core.features": LEAVES,
    "core.transforms": [*LEAVES, "core.features"],
    # The specifications, and what a data set is made of: the entries may name its types.
    "core.network": ["core.errors", "core.features", "core.transforms"],
    "core.expressions": ["core.errors"],
    "core.graph": [*LEAVES, "core.expressions"],  # the independent oracle
    "core.activations": LEAVES,
    "core.losses": [*LEAVES, "core.network"],
    "core.optimizers": LEAVES,
    "core.schedules": LEAVES,
    "core.penalties": LEAVES,
    "core.clipping": LEAVES,
    "core.dropout": LEAVES,
    "core.initializers": [*LEAVES, "core.network"],
    "core.datasets": [*LEAVES, "core.expressions", "core.features", "core.transforms", "core.network"],
    "core.snapshot": [*LEAVES, "core.network", "core.optimizers"],
    "core.propagation": NUMERICS,
    "core.plan": NUMERICS,
    "core.training": [*NUMERICS, "core.plan"],
    "core.notation": [*LEAVES, "core.network"],
    "core.naming": [*LEAVES, "core.features", "core.network", "core.notation"],
    "core.paths": NUMERICS,
    "core.matrices": NUMERICS,
    "core.contributions": NUMERICS,
    "core.microsteps": [
        *NUMERICS,
        "core.naming",
        "core.notation",
        "core.propagation",
        "core.training",
        "core.graph",
    ],
    "core.answers": [*NUMERICS, "core.microsteps", "core.training"],
    # What the labs share; each lab stands on it.
    "core.lab": [*LEAVES, "core.answers", "core.microsteps"],
    "core.regression": [*LEAVES, "core.graph", "core.lab", "core.microsteps.records"],
    "core.computation": [*LEAVES, "core.graph", "core.lab"],
    "core.layers": [*NUMERICS, "core.graph", "core.lab", "core.microsteps.records", "core.verification"],
    "core.scores": [
        *LEAVES,
        "core.activations",
        "core.losses",
        "core.graph",
        "core.lab",
        "core.microsteps.records",
    ],
    "core.perceptron": [*LEAVES, "core.graph", "core.lab"],
    # Formulas by the rules of calculus; its gates are the graph's.
    "core.symbolic": ["core.errors", "core.expressions", "core.graph"],
    "core.descent": [*LEAVES, "core.graph", "core.lab", "core.optimizers", "core.symbolic"],
    "core.verification": [*NUMERICS, "core.propagation", "core.training", "core.graph"],
    "core.pictures": [*NUMERICS, "core.plan", "core.propagation"],
    "core.history": ["core"],
    "core.session": ["core"],
    "core.presets": ["core"],
    "app.bootstrap": [],
    "app.connections": [],
    "app.classroom": ["app.settings"],
    "app.remembered": ["app.access"],
    "app.cli": [
        "app.classroom",
        "app.connections",
        "app.logs",
        "app.main",
        "app.remembered",
        "app.settings",
        "app.paths",
        "app.storage",
    ],
    "app.__main__": ["app", "app.bootstrap", "app.cli"],
    "app.paths": [],
    "app.settings": [],
    "app.i18n": ["app.paths"],
    "app.assets": ["app.paths"],
    "app.built": ["app.paths"],
    "app.licences": ["app.paths"],
    "app.problems": ["app.i18n", "core.errors"],
    "app.access": ["app.problems", "app.settings"],
    "app.gate": ["app.access", "app.problems", "app.settings"],
    "app.metrics": [],
    "app.logs": [],
    "app.observer": ["app.metrics", "app.problems"],
    "app.security": ["app.assets", "app.gate", "app.i18n", "app.problems", "app.settings"],
    "app.runner": ["app.problems"],
    "app.storage": [],  # bytes by id: it knows nothing of what they mean
    "app.store": ["app.problems", "app.schemas", "app.stepping", "core"],
    "app.keeping": [
        "app.problems",
        "app.schemas",
        "app.stepping",
        "app.storage",
        "app.store",
        "core.session",
    ],
    "app.live": [
        "app.presenters",
        "app.runner",
        "app.schemas",
        "app.settings",
        "app.stepping",
        "app.store",
        "core",
    ],
    "app.services": [
        "app.access",
        "app.gate",
        "app.keeping",
        "app.metrics",
        "app.runner",
        "app.settings",
        "app.store",
    ],
    "app.json_body": ["app.problems", "app.services", "app.settings"],
    "app.schemas": [
        "core.session",
        "core.computation",
        "core.perceptron",
        "core.descent",
        "core.expressions",
        "core.regression",
        "core.scores",
    ],  # their limits and examples
    "app.specs": ["app.schemas", "core"],
    "app.stepping": ["core.session"],
    "app.tables": [],
    "app.documents": ["app", "core.session"],
    "app.replaying": [
        "app.schemas",
        "app.services",
        "app.specs",
        "app.stepping",
        "core.errors",
        "core.session",
    ],
    "app.moment": ["core.session", "core.training"],
    "app.notation": ["core.notation"],
    "app.layers": ["app.moment", "app.schemas", "app.specs", "app.store", "core"],
    "app.openapi": ["app.schemas"],
    "app.presenters": [
        "app.i18n",
        "app.moment",
        "app.schemas",
        "app.settings",
        "app.store",
        "app.stepping",
        "app.tables",
        "core",
    ],
    "app.routes": [
        "app",
        "core.session",
        "core.answers",
        "core.computation",
        "core.contributions",
        "core.descent",
        "core.errors",
        "core.lab",
        "core.layers",
        "core.matrices",
        "core.microsteps",
        "core.paths",
        "core.pictures.surface",
        "core.verification",
    ],
    "app.main": ["app"],
}
OTHERS = {
    "core": {"numpy"},
    "app": {
        "fastapi",
        "starlette",
        "pydantic",
        "pydantic_settings",
        "jinja2",
        "markupsafe",
        "uvicorn",
        "h11",
        "segno",
        "numpy",
    },
}
# A folder's or a file's modules -> what they may import; the libraries are names of the import map.
LIBRARIES = ["preact", "htm", "@preact", "uplot", "katex", "d3-contour", "@dagrejs/dagre"]
SCRIPT_ROWS: dict[str, list[str]] = {
    "views": [*LIBRARIES, "views", "lib", "selectors"],
    "lib": [*LIBRARIES, "lib"],
    "api": ["lib"],
    "store": [*LIBRARIES, "lib", "selectors"],
    "selectors": [*LIBRARIES, "lib", "store"],
    "actions": [*LIBRARIES, "api", "store", "selectors", "lib", "actions", "i18n", "permalink"],
}
IMPORT = re.compile(
    r"""^(?:import|export)\b[^;"'`()=]*\bfrom\s*["']([^"']+)|^import\s*["']([^"']+)|\bimport\(["']([^"']+)["']\)""",
    re.MULTILINE,
)
MODULES = sorted(path for name in ("core", "app") for path in (ROOT / name).rglob("*.py"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))


def inside(name: str, allowed: list[str]) -> bool:
    return any(name == row or name.startswith((f"{row}.", f"{row}/")) for row in allowed)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_imports(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    if module in OTHERS:
        return  # the packages themselves: a docstring and a version
    row = next((name for name in ROWS if inside(module, [name])), None)
    assert row is not None, f"{module} has no row in the import table"
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: write imports in full"
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            names = submodules if node.module in OTHERS else [str(node.module)]
        for name in names:
            top = name.partition(".")[0]
            if name in ("app.__version__", "core.__version__") or top in sys.stdlib_module_names:
                continue
            allowed = [*ROWS[row], row] if top in OTHERS else [*OTHERS[module.partition(".")[0]]]
            assert inside(name, allowed), f"{module} must not import {name}"
            assert not (top == "numpy" and module.startswith("app.routes")), f"{module}: no numpy in a route"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_script_imports(path: Path) -> None:
    place = path.relative_to(ROOT / "static" / "js").with_suffix("")
    row = next((SCRIPT_ROWS[name] for name in (place.parts[0],) if name in SCRIPT_ROWS), None)
    # Types are imported in comments, from anywhere.
    text = re.sub(r"/\*\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    for name in ("".join(found) for found in IMPORT.findall(text)):
        if name.startswith("."):
            target = (path.parent / name).resolve()
            assert target.is_file(), f"{place} imports {name}, which is not there"
            name = target.relative_to(ROOT / "static" / "js").with_suffix("").as_posix()
        assert row is None or inside(name, row), f"static/js/{place} must not import {name}"
