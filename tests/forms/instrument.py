"""The questions, answers and leading headers that made-up surveys are built from."""

from dataclasses import dataclass

SKILLS = {
    "outlook": "Outlook",
    "word": "Word",
    "excel": "Excel",
    "powerpoint": "PowerPoint",
    "onenote": "OneNote",
    "onedrive": "OneDrive",
    "sharepoint": "SharePoint",
    "teams": "Teams",
    "forms": "Forms",
    "stream": "Stream",
    "sway": "Sway",
    "immersive_reader": "Immersive Reader",
}
SAMR_SKILLS = ("word", "powerpoint", "onenote", "teams", "forms", "immersive_reader")
PROFICIENCY_TITLE = "How well can you use each application?"
SAMR_TITLE = "How do your students use each application in your classroom?"

ROLES = ("Teacher", "Paraeducator", "Specialist", "Counselor", "Administrator", "Office staff", "Other")
GRADE_BANDS = ("Elementary (K-5)", "Middle (6-8)", "High (9-12)", "All grades", "Not applicable")
PROFICIENCY = ("I have not used it", "I need help to use it", "I use it on my own", "I could teach it to others")
SAMR = (
    "I do not use it with students",
    "Substitution: the same task, done with the tool",
    "Augmentation: the same task, improved by the tool",
    "Modification: the task is redesigned",
    "Redefinition: a new task that was not possible before",
)
TOPICS = (
    "Organising class materials in OneNote",
    "Running a class in Teams",
    "Making quizzes in Forms",
    "Sharing files with OneDrive and SharePoint",
    "Reading support with Immersive Reader",
    "Video with Stream",
    "Email and calendar in Outlook",
    "Data in Excel",
    "Presenting with PowerPoint or Sway",
    "Designing lessons with SAMR",
)
TIMES = ("Before school", "After school", "Lunch", "Planning period", "PD day", "Online, any time")
COMMENTS = ("More time to practise, please.", "Short videos help me most.", "Thank you; the last session was useful.")


@dataclass(frozen=True)
class Question:
    """One column of the instrument: grid is the title of the grid that it stands in, or empty."""

    item: str
    wording: str
    choices: tuple[str, ...] = ()
    multi: bool = False
    grid: str = ""


BEFORE_GRIDS = (
    Question("school", "Which school do you work at?"),
    Question("role", "What is your role?", ROLES),
    Question("grade_band", "Which grade band do you work with most?", GRADE_BANDS),
)
PROFICIENCY_GRID = tuple(
    Question(f"proficiency_{skill}", name, PROFICIENCY, grid=PROFICIENCY_TITLE) for skill, name in SKILLS.items()
)
SAMR_GRID = tuple(Question(f"samr_{skill}", SKILLS[skill], SAMR, grid=SAMR_TITLE) for skill in SAMR_SKILLS)
AFTER_GRIDS = (
    Question("topics", "Which topics would you like training on?", TOPICS, multi=True),
    Question("times", "Which times suit you for training?", TIMES, multi=True),
    Question("comment", "Is there anything else you would like us to know?"),
)

# Leading headers by the exporter's language: start, completion, email, name, last modified; None where a language's
# export has no such column here.
LEADING: dict[str, tuple[str, str, str | None, str | None, str | None]] = {
    "en": ("Start time", "Completion time", "Email", "Name", "Last modified time"),
    "de": ("Startzeit", "Fertigstellungszeit", "E-Mail", "Name", None),
    "es": ("Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre", "Hora de la última modificación"),
    "fr": ("Heure de début", "Heure de fin", "Adresse de messagerie", "Nom", None),
    "pt": ("Hora de início", "Hora de conclusão", "Email", "Nome", "Hora da última modificação"),
    "nl": ("Begintijd", "Tijd van voltooien", "E-mail", "Naam", "Tijd van laatste wijziging"),
    "pl": ("Godzina rozpoczęcia", "Godzina ukończenia", "Adres e-mail", "Nazwa", "Czas ostatniej modyfikacji"),
    "no": ("Starttidspunkt", "Fullføringstidspunkt", "E-postadresse", "Navn", "Tidspunkt for siste endring"),
    "sv": ("Starttid", "Slutförandetid", None, None, None),
    "ja": ("開始時刻", "完了時刻", "メール", "名前", "最終変更時刻"),
    "zh": ("开始时间", "完成时间", "电子邮件", "名称", None),
}
# Quiz headers by language: total, feedback on the whole, points of a question, feedback on a question.
QUIZ: dict[str, tuple[str, str, str, str]] = {
    "en": ("Total points", "Quiz feedback", "Points - ", "Feedback - "),
    "es": ("Total de puntos", "Comentarios del cuestionario", "Puntos: ", "Comentarios: "),
    "pt": ("Total de pontos", "Comentários do teste", "Pontos – ", "Comentários – "),
}
