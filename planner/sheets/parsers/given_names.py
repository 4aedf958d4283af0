"""Given names that are hardly ever a last name, to tell "Ferrer de Ávila, Ana Lucía" from two people.

The list need not be complete: without it, a name is read as before, and that is said.
"""

from __future__ import annotations

from planner.rules.specialties import fold

_GIVEN = frozenset(
    str.split(
        "ana anna ann anne anja annette maria marie mary lucia lucie lucy luz jose juan joao jorge"
        " luis luiz pedro pablo miguel javier carlos eduardo alejandro alejandra andrea andres"
        " sofia sophie sophia isabel isabella isabelle elena helena helen ellen teresa theresa"
        " therese cristina christina christine patricia laura gabriela beatriz pilar mercedes"
        " guadalupe dolores claudia monica veronica adriana daniela valeria natalia camila ines"
        " irene raquel rocio silvia susana sandra lourdes fernanda mariana juliana carolina"
        " catalina ximena paola lorena esther ester eva elisa elizabeth elisabeth beth kate katie"
        " katherine catherine kathryn kathleen caitlin caitriona brid brigid siobhan sinead aoife"
        " niamh ciara orla maire aisling deirdre eilis margaret margarita emily emma sarah sara"
        " susan susanne jane janet jennifer jessica julia julie karen karin linda lisa louise"
        " michelle nancy nicole pamela rachel rebecca ruth stephanie tanya ursula vanessa wendy"
        " hans heinz jurgen wolfgang klaus dieter ulrike petra sabine brigitte ingrid heike"
        " jean-luc jean-pierre jean-paul francois guillaume pierre mathieu sebastien chloe zoe"
        " amelie celine aurelie veronique giovanni giuseppe francesca chiara giulia matteo"
        " joaquim tiago rafael rafaela leticia larissa bruna thiago"
        " david daniel michael matthew andrew christopher jonathan nicholas timothy stephen robert"
        " william tom tim bob bill jim joe mike"
    )
)


def is_given(word: str) -> bool:
    """Whether a word is a given name, and hardly ever a last name.

    >>> is_given("Lucía"), is_given("Berg")
    (True, False)
    """
    return fold(word) in _GIVEN or word.casefold() in _GIVEN
