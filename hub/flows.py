"""All of `flows/`, read once at the start: words and rules are data. Knows the folder's layout and nothing else."""

from dataclasses import dataclass
from pathlib import Path

from hub.exact_replies import ExactReplies
from hub.keywords import Keywords
from hub.kit_data import SupporterWords
from hub.milestones import Milestone, read_milestones
from hub.moments import Moments
from hub.nudges.rules import NudgeRule, read_rules
from hub.ready_texts import ReadyText, read_ready_texts
from hub.safety import Helplines, SafetyWords
from hub.statements.definition import Questions, read_questions
from hub.support_data import SupportData
from hub.surveys.definition import Survey, read_surveys
from hub.surveys.exclusion_rules import Exclusions, read_exclusions
from hub.surveys.invitation_rules import Invitation, read_invitations
from hub.text_rules import TextRules
from hub.texts import Texts
from hub.tones import Tone, read_tones


@dataclass(frozen=True, slots=True)
class Flows:
    texts: Texts
    ready: dict[str, ReadyText]
    nudges: dict[str, NudgeRule]
    surveys: dict[str, Survey]
    invitations: tuple[Invitation, ...]
    exclusions: Exclusions
    exact: ExactReplies
    safety: SafetyWords
    helplines: Helplines
    keywords: Keywords
    text_rules: TextRules
    tones: dict[str, Tone]
    moments: Moments
    support: SupportData
    supporters: SupporterWords
    milestones: dict[str, Milestone]
    statements: dict[str, Questions]

    @classmethod
    def read(cls, folder: Path) -> "Flows":
        """Raises `FlowInvalid` naming the file and what is wrong in it."""
        keywords = Keywords.from_flows(folder)
        surveys = read_surveys(folder / "surveys" / "definitions", keywords.meanings)
        supporters = SupporterWords.from_flows(folder)
        texts = Texts.from_flows(folder).with_templates(supporters.templates)
        for survey in surveys.values():
            texts = texts.with_templates(survey.templates())
        statements = read_questions(folder / "statements" / "definitions")
        for questions in statements.values():
            texts = texts.with_templates(questions.templates())
        helplines = Helplines.from_flows(folder)
        return cls(
            texts=texts,
            ready=read_ready_texts(folder),
            nudges=read_rules(folder),
            surveys=surveys,
            invitations=read_invitations(folder, surveys),
            exclusions=read_exclusions(folder, surveys),
            exact=ExactReplies.from_flows(folder),
            safety=SafetyWords.from_flows(folder),
            helplines=helplines,
            keywords=keywords,
            text_rules=TextRules.from_flows(folder, helplines.numbers()),
            tones=read_tones(folder),
            moments=Moments.from_flows(folder),
            support=SupportData.from_flows(folder, helplines),
            supporters=supporters,
            milestones=read_milestones(folder),
            statements=statements,
        )
