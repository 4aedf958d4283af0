"""The page in a real browser: by mouse, by keyboard, on a phone, and read by a machine for people."""

import pytest

pytest.importorskip("starlette", reason="the page's parts are not installed: make .venv/.ready")

from tests.browser import a_window, browser, violations
from tests.page import review_page

pytestmark = [pytest.mark.outside, pytest.mark.sqlite_only]

__all__ = ("browser",)

HOSTILE = """Dear Dr. Abarab,

<script>window.pwned = 1</script><img src=x onerror="window.pwned = 2">
</div></main></article><style>* { display: none }</style><a href="javascript:pwned = 3">x</a>
"""


@pytest.fixture
def letters(desk):
    desk.drafted(5)
    with review_page() as page:
        yield page


@pytest.fixture
def window(browser, letters):
    """The page, as the link opens it; nothing but this machine is asked, and no script fails."""
    found = a_window(browser)
    found.goto(letters.link)
    found.wait_for_selector("article h2")
    yield found
    assert found.failures == []
    assert found.hosts == {f"127.0.0.1:{letters.port}"}
    found.close()


def said(window, text):
    """Wait until the page says so."""
    window.wait_for_function(
        "t => document.querySelector('#say').textContent.includes(t)", arg=text
    )


def ready(window, number):
    """Wait until a letter is on the screen, and may be approved."""
    window.wait_for_selector(f"article[data-number='{number}'] [data-do=approve]:enabled")


def test_five_letters_by_mouse(window, desk):
    for number in (1, 2, 3):
        ready(window, number)
        window.click("[data-do=approve]")
        said(window, f"Letter {number} is approved.")
    ready(window, 4)
    window.click("[data-do=leave-out]")
    said(window, "Letter 4 is left out.")
    ready(window, 5)
    window.click("[data-do=edit]")
    window.fill("[name=body]", window.input_value("[name=body]").replace("Sincerely", "Yours"))
    window.click("text=Save")
    said(window, "Letter 5 is saved.")
    window.click("[data-do=approve]:enabled")
    said(window, "Letter 5 is approved.")
    assert desk.states() == ["approved"] * 3 + ["left_out", "approved"]
    assert "Yours," in desk.good("preview", 5, "--json").json["letters"][0]["body"]


def test_five_letters_by_keyboard_alone(window, desk):
    for number in (1, 2):
        ready(window, number)
        window.keyboard.press("a")
        said(window, f"Letter {number} is approved.")
    ready(window, 3)
    window.keyboard.press("x")
    said(window, "Letter 3 is left out.")
    ready(window, 4)
    window.keyboard.press("e")
    window.keyboard.press("Control+End")
    window.keyboard.type("\nP.S. The rural clinic is where I would like to learn.")
    window.wait_for_selector("#found .came")
    window.keyboard.press("Control+Enter")
    said(window, "Letter 4 is saved.")
    window.keyboard.press("j")
    ready(window, 5)
    window.keyboard.press("k")
    ready(window, 4)
    window.keyboard.press("w")
    window.wait_for_selector("dialog[open] .decides")
    window.keyboard.press("Escape")
    window.keyboard.press("u")
    said(window, "Undone.")
    window.keyboard.press("?")
    assert "Use these keys" in window.inner_text("dialog[open]")
    window.keyboard.press("Escape")
    assert desk.states() == ["approved", "approved", "left_out", "draft", "draft"]
    assert "P.S." not in desk.good("preview", 4, "--json").json["letters"][0]["body"]


def test_what_was_done_is_undone_step_by_step(window, desk):
    for number, key in ((1, "a"), (2, "x")):
        ready(window, number)
        window.keyboard.press(key)
        ready(window, number + 1)
    for number in (2, 1):
        window.keyboard.press("u")
        said(window, f"Undone. Letter {number} is a draft again.")
    assert desk.states() == ["draft"] * 5


def test_keys_do_nothing_while_one_types_or_when_they_are_off(window, desk):
    ready(window, 1)
    window.fill("#find", "")
    window.type("#find", "axe")
    window.fill("#find", "")
    window.click("#help")
    window.uncheck("#keys-on")
    window.keyboard.press("Escape")
    window.keyboard.press("a")
    window.keyboard.press("x")
    window.wait_for_timeout(200)
    assert desk.states() == ["draft"] * 5


def test_findings_appear_while_one_types_and_mark_the_words(window):
    ready(window, 1)
    window.keyboard.press("e")
    window.keyboard.type("Please rank me first. ")
    window.wait_for_selector("#found .error")
    assert "It asks about rank, chances or status" in window.inner_text("#found")
    window.keyboard.press("Control+Enter")
    window.wait_for_selector(".mail mark.error")
    assert "rank me" in "".join(window.locator(".mail mark.error").all_inner_texts())
    window.click("[data-do=approve]:enabled")
    said(window, "open errors")


def test_another_command_in_between_leaves_both_texts(window, desk):
    ready(window, 1)
    window.keyboard.press("e")
    window.keyboard.press("Control+End")
    window.keyboard.type("\nMine.")
    desk.edit(1)
    window.keyboard.press("Control+Enter")
    window.wait_for_selector(".conflict .came")
    assert "Yours" in window.inner_text(".conflict")
    assert window.input_value("[name=body]").endswith("Mine.")
    assert violations(window) == []
    body = desk.good("preview", 1, "--json").json["letters"][0]["body"]
    assert ("Yours," in body, "Mine." in body) == (True, False)
    assert "on file" in window.inner_text(".conflict")
    assert "yours" in window.inner_text(".conflict .came >> nth=0")
    window.click("text=Replace it with mine")
    said(window, "Letter 1 is saved.")
    assert "Mine." in desk.good("preview", 1, "--json").json["letters"][0]["body"]


def test_a_hostile_letter_of_200000_characters_is_text(window, desk):
    (desk.folder / "mine.txt").write_text(HOSTILE + "wörd " * 40_000)
    desk.good("edit", "2", "--body-file", "mine.txt", "--subject", "<b onclick=alert(1)>S</b>")
    window.keyboard.press("j")
    window.wait_for_selector("article[data-number='2']")
    shown = window.inner_text(".text")
    assert "<script>window.pwned = 1</script>" in shown
    assert len(shown) > 200_000
    assert window.inner_text(".subject") == "<b onclick=alert(1)>S</b>"
    assert window.evaluate("window.pwned") is None
    assert window.locator("main :is(script, img, style, a)").count() == 0
    assert window.is_disabled("[data-do=approve]")  # its end was not on the screen
    window.evaluate("document.querySelector('main').scrollTop = 1e9")
    window.wait_for_timeout(300)
    assert window.is_disabled("[data-do=approve]")  # nor was all that is before it
    assert desk.states() == ["draft"] * 5


def test_approving_is_offered_once_all_of_it_was_on_the_screen(browser, letters, desk):
    window = a_window(browser, height=400)
    window.goto(letters.link)
    window.wait_for_selector("#until-seen:not([hidden])")
    window.wait_for_timeout(300)
    assert window.is_disabled("[data-do=approve]")
    for _ in range(3):
        window.keyboard.press("a")  # turns a page
        window.wait_for_timeout(200)
        if window.is_enabled("[data-do=approve]"):
            break
    ready(window, 1)
    assert desk.states() == ["draft"] * 5
    window.keyboard.press("a")
    said(window, "Letter 1 is approved.")
    window.close()


def test_another_letter_is_compared_before_it_is_used(window, desk):
    ready(window, 1)
    before = desk.letters()
    window.select_option("[name=kind]", "strong_score")
    window.wait_for_selector(".kinds .came")
    assert desk.letters() == before
    window.click(".kinds .use")
    said(window, "Letter 1 is saved.")
    window.keyboard.press("u")
    said(window, "Undone.")
    after = desk.letters()
    assert [x["letter"] for x in after] == [x["letter"] for x in before]


def test_another_wording_is_compared_and_then_used_and_undone(window, desk):
    ready(window, 1)
    before = desk.letters()
    own = window.input_value("[name=voice]")
    other = next(option for option in "1234" if option != own)
    window.select_option("[name=voice]", other)
    window.wait_for_selector(".kinds .came")
    assert desk.letters() == before
    window.click(".kinds .use")
    said(window, "Letter 1 is saved.")
    assert window.input_value("[name=voice]") == other
    assert window.is_disabled(".kinds .use")
    window.keyboard.press("u")
    said(window, "Undone.")
    assert window.input_value("[name=voice]") == own


def test_what_was_decided_leaves_the_filter_and_its_new_place_is_offered_at_once(window):
    ready(window, 1)
    window.keyboard.press("a")
    ready(window, 2)
    window.wait_for_function("document.querySelectorAll('li:not([hidden]) .row').length === 4")
    window.select_option("#filter", label="approved (1)")
    shown = window.locator("li:not([hidden]) .row")
    assert shown.count() == 1
    assert "Elm 1 Hospital" in shown.inner_text()


def test_a_reason_that_is_being_typed_is_not_lost(window, desk):
    ready(window, 1)
    window.fill("[name=reason]", "the street medicine clinic")
    window.click("li:not([hidden]) .row >> nth=1")
    said(window, "Your reason is not saved")
    assert window.input_value("[name=reason]") == "the street medicine clinic"
    window.focus("[name=reason]")
    window.keyboard.press("Escape")
    assert window.input_value("[name=reason]") == ""
    window.click("li:not([hidden]) .row >> nth=1")
    ready(window, 2)


def test_a_message_covers_no_row_and_can_be_closed_and_the_next_action_clears_it(window):
    ready(window, 1)
    window.keyboard.press("k")
    said(window, "first one on the list")
    assert (
        window.evaluate("getComputedStyle(document.querySelector('#message')).pointerEvents")
        == "none"
    )
    assert window.evaluate("parseInt(document.querySelector('#list').style.paddingBottom)") > 20
    window.click("#hush")
    assert window.inner_text("#say") == ""
    window.keyboard.press("k")
    said(window, "first one on the list")
    window.keyboard.press("e")
    assert window.inner_text("#say") == ""


def test_a_dialog_opens_at_its_begin(browser, letters):
    window = a_window(browser, height=300)
    window.goto(letters.link)
    window.wait_for_selector("article h2")
    window.keyboard.press("w")
    window.wait_for_selector("dialog[open] .decides")
    assert window.evaluate("document.querySelector('dialog').scrollTop") == 0
    window.close()


def test_a_second_tab_has_one_sentence_and_nothing_else(browser, letters):
    window = a_window(browser)
    window.goto(letters.origin)
    window.wait_for_selector("body[data-view=lost]")
    shown = window.inner_text("body")
    assert "type planner review --web again" in shown
    assert "Loading" not in shown
    assert "Choose a letter" not in shown
    assert violations(window) == []
    window.close()


def test_after_the_end_there_is_one_sentence_and_nothing_to_press(window):
    ready(window, 1)
    window.click("#end")
    window.wait_for_selector("body[data-view=lost]")
    assert "You can close this page." in window.inner_text("main")
    assert window.locator("button:visible").count() == 0
    assert violations(window) == []


def test_the_way_to_send_by_hand_is_chosen_before_anything_is_done(window, desk):
    ready(window, 1)
    window.keyboard.press("a")
    said(window, "Letter 1 is approved.")
    window.select_option("#filter", label="approved (1)")
    window.click("li:not([hidden]) .row")
    window.wait_for_selector("article[data-number='1']")
    window.click("[data-do=ways]")
    assert desk.states()[0] == "approved"
    window.click(".ways [data-way=mailto]")
    said(window, "handed to you")
    assert desk.states()[0] == "exported"
    assert window.evaluate("document.activeElement.href").startswith("mailto:")
    assert violations(window) == []


def test_reload_returns_to_the_letter_that_was_open_and_enter_opens_what_was_found(window):
    ready(window, 1)
    window.keyboard.press("j")
    ready(window, 2)
    window.reload()
    window.wait_for_selector("article[data-number='2']")
    window.fill("#find", "Elm 4")
    window.press("#find", "Enter")
    window.wait_for_selector("article[data-number='4']")


def test_arrows_move_in_the_list_and_tab_stops_there_once(window):
    ready(window, 1)
    number = "document.activeElement.dataset.number"
    assert window.evaluate(number) == "1"
    window.keyboard.press("ArrowDown")
    window.keyboard.press("ArrowDown")
    assert window.evaluate(number) == "3"
    window.keyboard.press("End")
    assert window.evaluate(number) == "5"
    assert window.locator(".row[tabindex='0']").count() == 1
    assert window.get_attribute("article", "data-number") == "1"
    window.keyboard.press("Enter")
    ready(window, 5)


def test_the_keys_of_the_terminal_lead_to_the_same_places(window):
    ready(window, 1)
    window.keyboard.press("n")
    ready(window, 2)
    window.keyboard.press("b")
    ready(window, 1)
    window.keyboard.press("l")
    assert window.evaluate("document.activeElement.name") == "kind"
    window.evaluate("document.activeElement.blur()")
    window.keyboard.press("r")
    assert window.evaluate("document.activeElement.name") == "reason"


def test_a_reason_is_shown_in_its_sentence_while_it_is_written(window, desk):
    ready(window, 1)
    window.fill("[name=reason]", "the street medicine clinic")
    window.wait_for_selector(".reason .trial :is(.came, .soft)")
    window.click(".reason .use")
    said(window, "with its reason")
    shown = desk.good("programs", "show", "1", "--json").out
    assert "the street medicine clinic" in shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_works_on_a_phone_in_light_and_dark_and_for_a_screen_reader(browser, letters, scheme):
    window = a_window(browser, width=390, height=844, scheme=scheme)
    window.goto(letters.link)
    window.wait_for_selector("li:not([hidden]) .row")
    assert violations(window) == []
    window.click("li:not([hidden]) .row >> nth=1")
    window.wait_for_selector("article[data-number='2']")
    window.mouse.wheel(0, 500)
    ready(window, 2)
    assert violations(window) == []
    assert window.evaluate("document.documentElement.scrollWidth") == 390
    window.click(".to-list")
    assert window.is_visible("#list")
    assert not window.failures
    window.close()


def focused(window):
    """What has the focus: the name of its element, and its text."""
    return window.evaluate("[document.activeElement.tagName, document.activeElement.innerText]")


def test_after_a_decision_the_next_letter_is_at_its_begin_and_its_name_has_the_focus(browser, desk):
    desk.drafted(3)
    with review_page() as page:
        window = a_window(browser, height=500)
        window.goto(page.link)
        window.wait_for_selector("article[data-number='1']")
        for number in (1, 2, 3):
            window.wait_for_selector(f"article[data-number='{number}']")
            window.evaluate("document.querySelector('main').scrollTop = 300")
            ready(window, number)
            window.click("[data-do=approve]")
            said(window, f"Letter {number} is approved.")
            shown = min(number + 1, 3)
            window.wait_for_selector(f"article[data-number='{shown}']")
            assert focused(window) == ["H2", f"Elm {shown} Hospital"]
            assert window.evaluate("document.querySelector('main').scrollTop") == 0
            assert window.title() == f"Elm {shown} Hospital - planner"
        said(window, "That was the last one.")
        assert window.failures == []
        window.close()


@pytest.fixture
def doubtful(browser, desk):
    """Letters with the same reason; the first one's program says no place and no name."""
    rows = [
        {"Program": "Internal Medicine Residency", "PD Email": "pd@oak.example"},
        {"Program": "Elm Hospital", "PD Email": "pd@elm.example", "Director": "Ada Abarab"},
    ]
    more = {"Specialty": "IM", "Status": "interviewed", "Why": "the rural clinic"}
    desk.good("import", desk.sheet(*({**row, **more} for row in rows)))
    desk.good("programs", "set", "2", "notes=they said no more emails")
    desk.good("draft")
    with review_page() as page:
        window = a_window(browser)
        window.goto(page.link)
        window.wait_for_selector("article h2")
        yield window
        assert window.failures == []
        window.close()


def opened(window, name):
    """The number of a program's letter, which is on the screen."""
    window.fill("#find", name)
    window.press("#find", "Enter")
    window.wait_for_function("n => document.querySelector('h2').innerText === n", arg=name)
    window.fill("#find", "")
    number = window.get_attribute("article", "data-number")
    ready(window, number)
    window.focus("h2")
    return number


def test_an_error_is_let_stand_by_keyboard_with_its_reason(doubtful, desk):
    number = opened(doubtful, "Elm Hospital")
    assert violations(doubtful) == []
    doubtful.keyboard.press("a")
    said(doubtful, "It has 2 errors.")
    for words in ("both are one house", "that was last year"):
        assert focused(doubtful)[0] == "INPUT"
        doubtful.keyboard.type(words)
        doubtful.keyboard.press("Tab")
    assert focused(doubtful) == ["BUTTON", "Approve, and let them stand"]
    doubtful.keyboard.press("Enter")
    said(doubtful, f"Letter {number} is approved.")
    assert "approved" in desk.states()
    doubtful.click("#undo")
    said(doubtful, "Undone.")
    assert desk.states() == ["draft"] * 2


def test_a_place_and_a_name_are_set_by_mouse_and_taken_back(doubtful, desk):
    number = opened(doubtful, "Internal Medicine Residency")
    form = ".correct[data-field={}]"
    doubtful.fill(form.format("institution") + " input", "Oak Hospital")
    doubtful.click(form.format("director_last_name") + " button")
    said(doubtful, "What you typed is not saved")
    doubtful.click(form.format("institution") + " button")
    said(doubtful, f"Letter {number} is written again.")
    assert "Oak Hospital" in doubtful.inner_text(".text")
    doubtful.fill(form.format("director_last_name") + " input", "Ñandú")
    doubtful.click(form.format("director_last_name") + " button")
    doubtful.wait_for_function(
        "() => document.querySelector('.text').innerText.includes('Dr. Ñandú')"
    )
    for _ in range(2):
        doubtful.click("#undo:enabled")
        said(doubtful, "Undone.")
        doubtful.click("#hush")
    assert "Oak Hospital" not in doubtful.inner_text(".text")
    assert doubtful.is_disabled("#undo")


def test_what_is_true_of_a_note_is_chosen_and_what_it_wants_is_typed(doubtful, desk):
    number = opened(doubtful, "Elm Hospital")
    typed = ".correct [name=value]"
    assert not doubtful.is_visible(typed)
    doubtful.click(".correct:has(select) button")
    said(doubtful, "Choose what is true first.")
    doubtful.select_option("[name=choice]", label="They know the score; I told them on...")
    assert doubtful.get_attribute(typed, "type") == "date"
    assert violations(doubtful) == []
    doubtful.focus("[name=choice]")
    doubtful.keyboard.press("Escape")
    assert not doubtful.is_visible(typed)
    doubtful.select_option("[name=choice]", label="They want no email")
    assert not doubtful.is_visible(typed)
    doubtful.click(".correct:has(select) button")
    said(doubtful, f"Letter {number} is no longer wanted: leave it out.")
    assert '"contact_policy": "none"' in desk.good("programs", "show", "2", "--json").out


def test_what_was_typed_stays_when_another_command_was_faster(doubtful, desk):
    opened(doubtful, "Internal Medicine Residency")
    doubtful.fill(".correct[data-field=institution] input", "Oak Hospital")
    desk.good("programs", "set", "1", "institution=Ash Hospital")
    doubtful.click(".correct[data-field=institution] button")
    said(doubtful, "was changed in the meantime, to “Ash Hospital”")
    assert "Ash Hospital" in desk.good("programs", "show", "1").out


def test_the_forms_fit_a_phone(doubtful):
    opened(doubtful, "Elm Hospital")
    doubtful.set_viewport_size({"width": 390, "height": 844})
    doubtful.select_option("[name=choice]", label="They know the score; I told them on...")
    assert doubtful.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(doubtful) == []


def test_nothing_serious_is_found_on_a_wide_screen(window, desk):
    ready(window, 1)
    assert violations(window) == []
    window.keyboard.press("e")
    window.keyboard.type("I beg you! ")
    window.wait_for_selector("#found .came")
    assert violations(window) == []
    window.keyboard.press("Control+Enter")
    window.wait_for_selector(".mail mark")
    window.click("#send")
    window.wait_for_selector("dialog[open] pre")
    assert violations(window) == []


def test_the_report_has_nothing_serious_and_fits_a_phone(browser, desk):
    desk.approved(4)
    desk.good("report", "-o", "r.html")
    for width, scheme in ((1280, "light"), (390, "dark")):
        window = a_window(browser, width=width, scheme=scheme)
        window.goto(f"file://{desk.folder}/r.html")
        assert violations(window) == []
        assert window.evaluate("document.documentElement.scrollWidth") == width
        window.close()


def test_back_and_forward_go_through_what_was_open_and_lose_no_text(window):
    ready(window, 1)
    for number in (2, 3):
        window.keyboard.press("j")
        ready(window, number)
    window.go_back()
    ready(window, 2)
    window.go_back()
    ready(window, 1)
    window.go_forward()
    ready(window, 2)
    window.keyboard.press("e")
    window.keyboard.type("Mine. ")
    window.go_back()
    said(window, "Your text is not saved")
    assert window.input_value("[name=body]").startswith("Mine. ")
    window.keyboard.press("Control+Enter")
    said(window, "Letter 2 is saved.")


def test_back_on_a_phone_leads_to_the_list(browser, letters):
    window = a_window(browser, width=390, height=844)
    window.goto(letters.link)
    window.click("li:not([hidden]) .row >> nth=1")
    window.wait_for_selector("article[data-number='2']")
    window.go_back()
    window.wait_for_selector("#list:visible")
    assert not window.failures
    window.close()


def test_a_letter_is_not_approved_while_another_one_is_chosen_and_not_used(window, desk):
    ready(window, 1)
    own = window.input_value("[name=voice]")
    window.select_option("[name=voice]", next(option for option in "1234" if option != own))
    window.click("[data-do=approve]")
    said(window, "press “Use this letter”")
    assert desk.states() == ["draft"] * 5
    window.wait_for_selector(".kinds .came")
    window.click(".kinds .use")
    said(window, "Letter 1 is saved.")
    window.click("[data-do=approve]:enabled")
    said(window, "Letter 1 is approved.")


def test_the_focus_is_not_under_the_buttons_that_stay(browser, letters):
    window = a_window(browser, height=400)
    window.goto(letters.link)
    window.wait_for_selector("article h2")
    window.evaluate("document.querySelector('main').scrollTop = 1e9")
    window.focus("[name=reason]")
    window.keyboard.press("Shift+Tab")
    window.keyboard.press("Shift+Tab")
    window.evaluate("document.querySelector('#findings').scrollIntoView()")
    bar, title = (
        window.evaluate(f"(({{top, bottom}}) => [top, bottom])({element}.getBoundingClientRect())")
        for element in (
            "document.querySelector('article > .actions')",
            "document.querySelector('#findings')",
        )
    )
    assert bar[1] <= title[0]
    window.close()


def test_a_long_name_without_a_blank_stays_on_the_screen(browser, desk):
    desk.a_list(1, Program="Llanfairpwllgwyngyll" * 5 + " Hospital")
    desk.good("draft")
    with review_page() as page:
        window = a_window(browser, width=390, height=844)
        window.goto(page.link)
        window.click("li:not([hidden]) .row")
        window.wait_for_selector("article h2")
        assert window.evaluate("document.querySelector('h2').scrollWidth") <= 390
        window.close()


def test_an_empty_list_asks_for_no_choice(browser, desk):
    with review_page() as page:
        window = a_window(browser)
        window.goto(page.link)
        window.wait_for_selector("text=There are no programs yet.")
        assert "Choose a letter" not in window.inner_text("body")
        window.close()


def test_a_reason_is_saved_by_one_more_enter_after_another_command_wrote_one(window, desk):
    ready(window, 1)
    window.fill("[name=reason]", "the burn unit")
    window.wait_for_selector(".reason .use:enabled")
    desk.good("programs", "set", 1, "reason=the other thing")
    window.press("[name=reason]", "Enter")
    said(window, "What you typed is still in its box.")
    assert window.inner_text("#say").startswith("Reason of #1")
    assert window.evaluate("document.activeElement.value") == "the burn unit"
    window.wait_for_selector(".reason .use:enabled")
    window.keyboard.press("Enter")
    said(window, "saved, with its reason")
    assert "the burn unit" in desk.good("programs", "show", 1, "--json").out


def test_what_takes_long_says_that_it_works(window, desk):
    ready(window, 1)
    window.route(
        "**/letters/1/approve", lambda route: window.wait_for_timeout(1500) or route.continue_()
    )
    window.keyboard.press("a")
    said(window, "Working...")
    said(window, "Letter 1 is approved.")


def test_after_the_command_was_killed_a_text_that_is_only_here_is_told_to_be_copied(
    window, letters
):
    ready(window, 1)
    letters.work.end()
    window.wait_for_timeout(500)
    window.keyboard.press("j")
    said(window, "type: planner review --web")
    assert "copy it first" not in window.inner_text("#say")
    window.keyboard.press("e")
    window.keyboard.type("Mine. ")
    window.keyboard.press("Control+Enter")
    said(window, "What you typed is only here: copy it first.")
    assert window.input_value("[name=body]").startswith("Mine. ")


def test_after_the_last_draft_the_page_says_what_comes_next(window):
    for number in range(1, 6):
        ready(window, number)
        window.keyboard.press("x" if number < 5 else "a")
        said(window, f"Letter {number} is")
    said(window, "“What would be sent” shows what comes next.")


def test_the_decision_table_fits_a_phone(browser, letters):
    window = a_window(browser, width=390, height=844)
    window.goto(letters.link)
    window.click("li:not([hidden]) .row")
    window.click("[data-do=why]")
    window.wait_for_selector("dialog[open] .decides")
    wide = "(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(document.querySelector('dialog'))"
    assert window.evaluate(wide) == 0
    window.close()
