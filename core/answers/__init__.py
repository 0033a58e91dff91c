"""Answers: a learner's number for a hidden result is right, explained by a slip, or wrong."""

from core.answers.checking import RELATIVE, check_answers, tolerance
from core.answers.records import Answer, Outcome, Place, Slip, Verdict

__all__ = ["RELATIVE", "Answer", "Outcome", "Place", "Slip", "Verdict", "check_answers", "tolerance"]
