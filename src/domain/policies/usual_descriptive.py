"""The usual areas and scale of the first classes, for a director to begin with: in force nowhere (no levels).

They are version 0 of every year's rules, and years gone by are classified with them: never changed
(ADR 0088).
"""

from __future__ import annotations

from dziennik.contracts.descriptive import AssessmentArea, DescriptiveRules, DescriptiveStep

USUAL_DESCRIPTIVE = DescriptiveRules(
    areas=tuple(
        AssessmentArea(area_id=area_id, name=name)
        for area_id, name in (
            ("polish", "Edukacja polonistyczna"),
            ("maths", "Edukacja matematyczna"),
            ("social", "Edukacja społeczna"),
            ("nature", "Edukacja przyrodnicza"),
            ("art", "Edukacja plastyczna"),
            ("technology", "Edukacja techniczna"),
            ("computing", "Edukacja informatyczna"),
            ("music", "Edukacja muzyczna"),
            ("sport", "Wychowanie fizyczne"),
            ("language", "Język obcy nowożytny"),
        )
    ),
    scale=tuple(
        DescriptiveStep(symbol=symbol, name=name)
        for symbol, name in (
            ("W", "wspaniale"),
            ("B", "bardzo dobrze"),
            ("D", "dobrze"),
            ("P", "poprawnie"),
            ("S", "słabo"),
            ("N", "jeszcze nie potrafi"),
        )
    ),
    levels=(),
)
