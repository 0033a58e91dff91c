"""Making a session again from its recipe, in turns of the compute thread."""

from __future__ import annotations

from functools import partial

from app.schemas.exports import ActionInput, RecipeInput
from app.services import Services
from app.specs import data_of, pair_of, patch_edit, session_spec, under
from app.stepping import work_of_update
from core.errors import InvalidInputError
from core.session import MAXIMUM_STEPS, Edit, Session


async def replay(parts: Services, recipe: RecipeInput) -> Session:
    """Return the session that the recipe leads to; other callers' commands come in between.

    Raises InvalidInputError: `import-action` for an action without what its type needs, `import-too-long`
    beyond the limits of updates and of work.
    """
    limit = parts.settings.max_import_steps
    if sum(action.count or 0 for action in recipe.actions) > limit:
        raise InvalidInputError(code="import-too-long", pointer="/recipe/actions", limit=limit)
    with under("/recipe/create"):
        session = await parts.runner.run(lambda: Session.create(session_spec(recipe.create)))
    work = 0
    for number, action in enumerate(recipe.actions):
        pointer = f"/recipe/actions/{number}"
        with under(pointer):
            if action.type == "step":
                work += await _step(parts, session, action, work)
            else:
                await parts.runner.run(partial(_edit, session, action))
    return session


async def _step(parts: Services, session: Session, action: ActionInput, before: int) -> int:
    """Apply the action's updates, a quantum a turn; return how many multiplications they took."""
    if action.count is None:
        raise InvalidInputError(code="import-action")
    each = work_of_update(session)
    quantum = max(1, min(MAXIMUM_STEPS, parts.settings.quantum_operations // each))
    left, work = action.count, 0
    while left > 0:
        report = await parts.runner.run(partial(session.step, min(left, quantum)))
        left -= report.applied
        work += report.applied * each
        if before + work > parts.settings.max_import_operations:
            raise InvalidInputError(code="import-too-much-work")
        if report.diverged:
            break
    return work


def _edit(session: Session, action: ActionInput) -> None:
    if action.type == "patch" and action.patch is not None:
        with under("/patch"):
            session.edit(patch_edit(action.patch, session))
    elif action.type == "data" and action.data is not None:
        with under("/data"):
            data = data_of(action.data, pair_of(session.network))
        session.edit(Edit(data=data))
    else:
        raise InvalidInputError(code="import-action")
