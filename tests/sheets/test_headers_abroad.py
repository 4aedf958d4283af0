"""Lists whose headers and cells are in German, Spanish, French or Portuguese."""

import pytest

from planner.sheets.headers_abroad import ABROAD
from planner.sheets.headings import AMBIGUOUS, HEADERS, choose, fold_header, target_of
from planner.sheets.parsers.cells import BadCellError, without_accents
from planner.sheets.parsers.status import read_status
from tests.sheets.reading import ALL as SPECIALTIES
from tests.sheets.reading import listing, records, refused


def folded(header):
    return without_accents(fold_header(header))


def values(data, *names, **options):
    (found,) = records(data, **options)
    assert not found.errors
    return tuple(found.values.get(name) for name in names)


def test_each_header_abroad_means_one_thing_and_is_none_of_the_english_ones():
    pairs = {(folded(h), meanings) for meanings, some in ABROAD.items() for h in some.split(";")}
    assert len(pairs) == len({header for header, _ in pairs})
    assert not {header for header, _ in pairs} & (HEADERS.keys() | AMBIGUOUS.keys())


@pytest.mark.parametrize(
    ("list_", "town", "state"),
    [
        ('Klinik,Ort,Fach\nElm,"Troy, OH",IM', "Troy", "OH"),
        ("Klinik,Ort,Bundesland,Fach\nElm,Troy,Ohio,IM", "Troy", "OH"),
        ("Programa,Ciudad,Estado,Especialidad\nElm,Troy,OH,IM", "Troy", "OH"),
        ('Hospital,"Ciudad, Estado",Especialidad\nElm,"Troy, OH",IM', "Troy", "OH"),
        ("Programme,Ville,État,Spécialité\nElm,Troy,Ohio,IM", "Troy", "OH"),
        ("Hôpital,Ville,Etat,Spécialité\nElm,Troy,OH,IM", "Troy", "OH"),
        ("Programa,Cidade,Estado,Especialidade\nElm,Troy,Ohio,IM", "Troy", "OH"),
    ],
)
def test_the_plain_headers_of_other_languages_need_no_map(list_, town, state):
    wanted = ("city", "state", "specialty")
    assert values(list_ + "\n", *wanted) == (town, state, "Internal Medicine")


@pytest.mark.parametrize(
    ("header", "cell", "status"),
    [
        ("Stand", "Absage", "rejected"),
        ("Stand der Bewerbung", "zurückgezogen", "withdrawn"),
        ("Estado", "Rechazada 3/11", "rejected"),
        ("Resultado", "negativo", "rejected"),
        ("Statut", "refusé", "rejected"),
        ("Réponse", "Candidature rejetée", "rejected"),
        ("Réponse", "non retenue", "rejected"),
        ("Statut", "liste d’attente", "waitlisted"),
        ("Situação", "recusado", "rejected"),
        ("Situação", "não selecionada", "rejected"),
        ("Situação", "desisti", "withdrawn"),
        ("Refusé ?", "oui", "rejected"),
        ("Recusado", "sim", "rejected"),
        ("Rechazado", "VERDADERO", "rejected"),
        ("Abgesagt", "WAHR", "rejected"),
        ("Absage am", "3.11.2026", "rejected"),
        ("Date de refus", "3/11/2026", "rejected"),
    ],
)
def test_a_rejection_in_another_language_is_one(header, cell, status):
    assert values(f"Program,Specialty,{header}\nElm,IM,{cell}\n", "status") == (status,)


@pytest.mark.parametrize(
    ("cell", "status", "day"),
    [
        ("eingeladen für 3.12.", "invited", "3.12."),
        ("Vorstellungsgespräch am 3.12.", "invited", "3.12."),
        ("Interview geführt", "interviewed", ""),
        ("Nachrückliste", "waitlisted", ""),
        ("entretien passé", "interviewed", ""),
        ("entrevista hecha", "interviewed", ""),
        ("en attente", "applied", ""),
        ("aguardando resposta", "applied", ""),
        ("convidada", "invited", ""),
    ],
)
def test_a_word_of_a_status_in_another_language_is_that_status(cell, status, day):
    said = read_status(cell)
    assert (str(said.status), said.day) == (status, day)


@pytest.mark.parametrize("cell", ["nicht interviewt", "vielleicht eingeladen", "pas convoqué"])
def test_a_doubt_in_another_language_is_no_status(cell):
    with pytest.raises(BadCellError):
        read_status(cell)


@pytest.mark.parametrize(
    "header",
    ["Nicht kontaktieren", "Keine Mails", "No contactar", "Ne pas contacter", "Não contatar"],
)
@pytest.mark.parametrize("cell", ["x", "ja", "sí", "si", "oui", "sim"])
def test_a_wish_for_no_email_in_another_language_is_one(header, cell):
    list_ = f"Program,Specialty,{header}\nElm,IM,{cell}\n"
    assert values(list_, "contact_policy") == ("none",)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Angeschrieben am", "3.11.2026"),
        ("Mail geschickt", "3.11."),
        ("Correo enviado", "3/11/2026"),
        ("Contactado", "23/10/2026"),
        ("Email envoyé le", "3/11/2026"),
        ("E-mail enviado em", "03/11/2026"),
    ],
)
def test_the_day_when_they_were_told_is_known_in_other_languages_and_comes_first(header, cell):
    (day,) = values(f"Program,Specialty,{header}\nElm,IM,{cell}\n", "told_on")
    assert day == ("2026-10-23" if cell.startswith("23") else "2026-11-03")


def test_an_interview_abroad_has_the_day_first_unless_a_date_there_cannot():
    head = "Program,Specialty,Fecha de entrevista\nElm,IM,5/11/2026\n"
    (found,) = records(head)
    assert found.values["interview_date"] == "2026-11-05"
    found, _ = records(head + "Oak,IM,11/23/2026\n")
    assert found.values["interview_date"] == "2026-05-11"


@pytest.mark.parametrize(
    "header", ["Mi candidatura", "Ma liste", "Meine Sachen", "Minhas coisas", "X"]
)
@pytest.mark.parametrize(
    "cell",
    ["me han rechazado hoy", "refusé hier soir", "leider abgelehnt am Montag", "fui recusado ontem"]
    + ["ne pas contacter svp", "bitte keine Mails", "por favor no escribir", "não escrever mais"],
)
def test_an_unknown_column_that_may_hold_a_letter_back_stops_the_import(header, cell):
    read = listing(f"Program,Specialty,{header}\nElm,IM,{cell}\n")
    list(read.records)
    assert [doubt.code for doubt in read.doubts] == ["unknown_column_matters"]


def test_a_foreign_question_mark_of_a_name_is_no_person():
    assert choose("Kontakt", ["ja", "nein"]) is None
    assert choose("Contact?", ["yes", "no"]) is None
    assert target_of("Kontakt") is not None


def test_a_state_that_holds_words_of_a_status_is_one():
    assert values("Program,Specialty,St.\nElm,IM,Rejected\n", "status") == ("rejected",)
    assert values("Program,Specialty,ST\nElm,IM,OH\n", "state") == ("OH",)


def test_a_list_without_a_column_of_programs_is_still_refused_abroad():
    assert refused("Ciudad,Estado\nTroy,OH\n").code == "no_program_column"


@pytest.mark.parametrize(
    "head",
    [
        "Programm,,Direktor,,Gespräch,\nName,Ort,Name,E-Mail,Datum,Status",
        "Programa,,Director,,Entrevista,\nNombre,Ciudad,Nombre,Correo,Fecha,Estado",
        "Programme,,Directeur,,Entretien,\nNom,Ville,Nom,Courriel,Date,Statut",
        "Programa,,Diretor,,Entrevista,\nNome,Cidade,Nome,E-mail,Data,Status",
    ],
)
def test_a_header_of_two_rows_is_joined_in_other_languages(head):
    rows = "Elm,Troy,Zoë Weiß,a@elm.example,3.11.2026,\nOak,Lima,Bo Ng,b@oak.example,,Absage\n"
    elm, oak = records(f"{head}\n{rows}", specialty=SPECIALTIES.named("IM"))
    assert (elm.errors, oak.errors) == ((), ())
    assert elm.values["interview_date"] == "2026-11-03"
    assert elm.values["director_last_name"] == "Weiß"
    assert elm.values["director_email"] == "a@elm.example"
    assert (elm.values["city"], oak.values["status"]) == ("Troy", "rejected")


def test_a_legend_in_another_language_is_no_program_and_no_title():
    rows = "Elm,Troy,Ana Lee,a@elm.example\nLegende: rot = Absage,,,\nGrün = Gespräch,,,\nOak,Ada,Bo Ng,\n"
    found = records(f"Program,City,PD,PD Email\n{rows}", without_colors=True)
    assert [r.values.get("program") for r in found] == ["Elm", "Oak"]
    assert not any(r.extra or r.values.get("status") for r in found)
