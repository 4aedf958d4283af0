"""The words of people's names, and the words that people write instead of a missing name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TITLES = frozenset(
    str.split(
        "dr drs doctor prof professor mr mrs ms miss mx sir dame rev fr father sister hon capt"
        " captain col colonel maj major lt lieutenant cdr commander cmdr gen general sgt ltc"
        " ltcol dean"
    )
)
# Degrees, and what is written like one after a name.
DEGREES = frozenset(
    str.split(
        "md do phd mph mba ms msc mhs mha ma med msed mhpe mmed mmsc mped edd ed jd mbbs mbchb"
        " mbbch mbb mbbc bs ba bsc bsn msn dnp rn np aprn crnp pa pac dds dmd dvm pharmd psyd"
        " msw lcsw scd drph dphil mdcm facp facep faafp facs faap facog fapa faan fccp fhm sfhm"
        " faha facc faaem facoep faaos facr fasn fidsa fasa faapmr facc fscai faaai fcap"
        " mshp mscr msce mscs mtr mpp mpa mfa mdiv fache cpe csm esq jr sr ii iii iv"
        " ctagme ctagm mshs mshpe macp macm maed bsrn"
        " dm mrcem mb chb bch bchir bao mch dnb fnb dch dgo fcps mcps mrcpsych mrcgp frcpsych franzcp"
    )
)
# What a person does; before or after a name, it is not part of the name.
ROLES = frozenset(
    str.split(
        "pd apd director directors coordinator coordinators chair chairman chairwoman chief"
        " administrator manager pc interim acting associate assistant program residency"
        " fellowship vice deputy pds apds codirector codirectors copd"
    )
)
PARTICLES = frozenset(
    str.split(
        "de del della di da dos das do du des el al la le las los lo van von vom zu zum zur der"
        " den dem ter ten te 't bin ibn ben bint abu mac mc st st. saint y e d' l' af av san"
        " santa dello dalla degli"
    )
)
# Small words that stand only inside a last name: "Mac an Bhaird", "von und zu Berg".
INSIDE = frozenset(str.split("an ap ab und op aan bij ul ud ur"))
# Whole cells, folded, that mean that the name is not known.
PLACEHOLDERS = frozenset(
    {
        *str.split(
            "nan null none nil false true na nd tbd tba tbn unknown vacant vacancy blank empty"
            " pending open missing unavailable unassigned unlisted undetermined undefined varies"
            " various multiple same ditto interim loading error anonymous nobody noone test sample"
            " tbc unk ukn nk idk dunno soon ref value asdf wip todo xxx xxxx xxxxx"
        ),
        *(
            "n a",
            "n n",
            "nn",
            "t b d",
            "t b a",
            "not available",
            "not applicable",
            "not listed",
            "not found",
        ),
        *("not given", "not stated", "not sure", "none listed", "no name", "no pd", "no one"),
        *("to be announced", "to be determined", "to be named", "to be hired", "to be filled"),
        *("to be confirmed", "to follow", "coming soon", "no idea", "not yet", "none yet"),
        *("last name", "first name", "name", "lastname", "firstname", "last", "surname"),
        *("position open", "open position", "position vacant", "vacant position"),
    }
)
# Placeholders that are names, too, beside other words of a name: "Nan Lee", "Jo Blank".
NAMES_TOO = frozenset(str.split("nan na nd nil null true blank open soon sample value ref empty"))
# Words that are in no name: a cell with one of them is a remark.
NO_NAMES = frozenset(
    str.split(
        "website websites webpage site http https www com org edu search searching progress"
        " ongoing vacant vacancy position listed unlisted unknown tbd tba tbn recruiting"
        " recruitment underway announced determined named filled email emailed e-mail mail"
        " office department dept residency program programs medicine hospital university"
        " medical center clinic health information info contact contacts phone faculty"
        " team admissions committee leadership staff unavailable pending vacated retired"
        " retiring resigned leaving departed departing stepped stepping interim acting"
        " website. former formerly previously currently apply applying please check click"
        " spreadsheet eras freida acgme nrmp loading coordinator director apd copd copds"
        " unfilled posted provided specified leave sabbatical maternity paternity review coming"
        " confirmed undecided unconfirmed below above"
    )
)
# Small words of a sentence; they count only in lowercase.
_SENTENCE = frozenset(
    str.split(
        "as of the and or is was will be to in on at for with until since from by not no if who"
        " has have had now left new see ask same this that their they there here starting starts"
        " until july june january but nice kind friendly great super very maybe probably possibly"
        " perhaps likely think guess believe started start since soon met spoke yet none idea with"
        " again also was were am i me my our your she he it its"
    )
)
_LETTERS = re.compile(
    r"(?:[^\W\d_]|[\u0300-\u036f])+(?:['’ʼ‘`.-]+(?:[^\W\d_]|[\u0300-\u036f])+)*\.?"
)


def is_name(text: str) -> bool:
    """Whether a text can be the name of a person in a salutation.

    >>> is_name("de la Cruz"), is_name("O’Brien-Smith"), is_name("website")
    (True, True, False)
    """
    words = text.split()
    return bool(words) and not is_placeholder(text) and all(map(is_name_word, words))


def is_remark(text: str) -> bool:
    """Whether a text has words of a sentence, or numbers.

    >>> is_remark("started 7/1"), is_remark("she is great"), is_remark("Ana B.")
    (True, True, False)
    """
    return any(word in _SENTENCE or any(map(str.isdigit, word)) for word in text.split())


@lru_cache(maxsize=4096)
def is_name_word(word: str) -> bool:
    """Whether a word can be part of a name: it has letters, and is no title, degree or remark.

    >>> is_name_word("Ng"), is_name_word("M.D."), is_name_word("Smith1"), is_name_word("as")
    (True, False, False, False)
    """
    if word in PARTICLES:
        return True
    bare = fold_name(word)
    if not _LETTERS.fullmatch(unicodedata.normalize("NFC", word)) or word in _SENTENCE:
        return False
    return not (_is_title(word, bare) or is_degree(word) or bare in NO_NAMES)


def _is_title(word: str, bare: str) -> bool:
    """Whether a word is always a title, such as Dr and Prof; Dean and Major can be names."""
    return bare in {"dr", "drs", "doctor", "prof", "professor", "mr", "mrs", "ms", "md"}


# "FACS", "FAAP", "MRCP": fellow or member of an American or royal academy or college.  "FATIMA"
# and "FRANK" in capitals must not match, because they are names.
_FELLOWSHIP = re.compile(r"F(?:A[ACPSN]|C[CP]|H[MR]|RC|RAC|SC|SI)[A-Z]{1,3}|[LM]RC[A-Z]{1,4}")


def is_degree(word: str) -> bool:
    """Whether a word is a degree as it is written: "MA" is one, but "Ma" and "Do" are names.

    >>> is_degree("Ph.D."), is_degree("DO"), is_degree("Do"), is_degree("Ed")
    (True, True, False, False)
    """
    bare = fold_name(word)
    if bare in {"jr", "sr"} and "." in word.strip("."):
        return False  # "J.R." are initials
    if bare not in DEGREES:
        return bool(_FELLOWSHIP.fullmatch(word))
    capitals = sum(map(str.isupper, word))
    return word.isupper() or capitals > 1 or "." in word.strip(".") or bare in _NEVER_NAMES


# Degrees that are not names in any spelling.
_NEVER_NAMES = frozenset(
    str.split("md phd mph mba msc mbbs mbchb mbbch dds dmd pharmd jr sr ii iii facp facep msn")
)


def fold_name(word: str) -> str:
    """Fold a word: remove case and marks.

    >>> fold_name("Ph.D.,")
    'phd'
    """
    return re.sub(r"[\W_]+", "", word.casefold())


def is_placeholder(text: str) -> bool:
    """Whether a text means that the name is not known.

    >>> is_placeholder("T.B.D."), is_placeholder("(vacant)"), is_placeholder("???")
    (True, True, True)
    """
    folded = " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
    return not re.search(r"[^\W\d_]", text) or folded in PLACEHOLDERS
