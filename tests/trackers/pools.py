"""Made-up names of hospitals, people and places, and the things people note beside them."""

STATES = {
    "AL": "Alabama", "AZ": "Arizona", "CA": "California", "CO": "Colorado", "CT": "Connecticut",
    "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "MA": "Massachusetts",
    "MD": "Maryland", "ME": "Maine", "MI": "Michigan", "MN": "Minnesota", "MO": "Missouri",
    "NC": "North Carolina", "NE": "Nebraska", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "OH": "Ohio", "OR": "Oregon", "PA": "Pennsylvania",
    "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina", "TN": "Tennessee",
    "TX": "Texas", "VA": "Virginia", "VT": "Vermont", "WA": "Washington", "WI": "Wisconsin",
    "WV": "West Virginia",
}  # fmt: skip

PLACES = [
    ("Dayton", "OH"), ("Akron", "OH"), ("Columbus", "OH"), ("Columbus", "GA"), ("Toledo", "OH"),
    ("Springfield", "MO"), ("Springfield", "MA"), ("Springfield", "IL"), ("Portland", "OR"),
    ("Portland", "ME"), ("Rochester", "NY"), ("Rochester", "MN"), ("Utica", "NY"),
    ("New York", "NY"), ("Washington", "DC"), ("St. Louis", "MO"), ("Kansas City", "MO"),
    ("Winston-Salem", "NC"), ("Coeur d'Alene", "ID"), ("Truth or Consequences", "NM"),
    ("Española", "NM"), ("Cañon City", "CO"), ("San Juan", "PR"), ("Ann Arbor", "MI"),
    ("Grand Rapids", "MI"), ("Kalamazoo", "MI"), ("Tuscaloosa", "AL"), ("Tucson", "AZ"),
    ("Fresno", "CA"), ("San Luis Obispo", "CA"), ("Hartford", "CT"), ("Gainesville", "FL"),
    ("Ft. Lauderdale", "FL"), ("Augusta", "GA"), ("Peoria", "IL"), ("Fort Wayne", "IN"),
    ("Wichita", "KS"), ("Lexington", "KY"), ("Shreveport", "LA"), ("Worcester", "MA"),
    ("Baltimore", "MD"), ("Bangor", "ME"), ("Duluth", "MN"), ("Omaha", "NE"), ("Lebanon", "NH"),
    ("Camden", "NJ"), ("Eugene", "OR"), ("Wilkes-Barre", "PA"), ("Erie", "PA"),
    ("Providence", "RI"), ("Charleston", "SC"), ("Charleston", "WV"), ("Chattanooga", "TN"),
    ("El Paso", "TX"), ("Corpus Christi", "TX"), ("Roanoke", "VA"), ("Burlington", "VT"),
    ("Spokane", "WA"), ("Eau Claire", "WI"), ("Morgantown", "WV"),
]  # fmt: skip

TREES = [
    "Alder", "Basswood", "Catalpa", "Dogwood", "Elmwood", "Firwood", "Ginkgo", "Hawthorn",
    "Ironwood", "Juniper", "Katsura", "Larch", "Magnolia", "Nutmeg", "Oakhurst", "Persimmon",
    "Quince", "Redbud", "Sycamore", "Tamarack", "Umbrella Pine", "Viburnum", "Willowmere",
    "Yellowwood", "Zelkova", "Buckeye", "Cottonwood", "Sassafras", "Tupelo", "Hornbeam",
]  # fmt: skip
HOSPITALS = [
    "{tree} Valley Hospital", "{tree} General", "{tree} Ridge Medical Center", "{tree} Health",
    "St. {tree} Hospital", "Saint {tree}'s Medical Center", "Univ. of {tree}",
    "University of {tree} School of Medicine", "{tree} State University", "{tree} Clinic (Main)",
    "{tree}/Lakeside Consortium", "{tree}-Harbor Health System", "Mount {tree} Hospital",
    "{tree} & Sons Memorial", "The {tree} Children's and Women's Hospital",
    "{tree} Regional Medical Center of the Sisters of the Visitation at the Old Ferry Landing",
    "{tree} Hospital Program", "{tree} Medical Center Residency Program", "VA {tree}",
]  # fmt: skip

FIRST = [
    "Ana", "Bo", "Chidi", "Dolores", "Eoghan", "Fatima", "Günther", "Hye-jin", "Inés", "Jean-Luc",
    "Kwame", "Lourdes", "Mehmet", "Nguyet", "Óscar", "Priya", "Quentin", "Renée", "Søren",
    "Thandiwe", "Uma", "Vikram", "Wanda", "Ximena", "Yusuf", "Zoë", "María José", "Mary Ann",
]  # fmt: skip
LAST = [
    "Muñoz", "Abernathy", "Björkqvist", "Castellanos", "de la Cruz", "O'Brien", "van der Berg",
    "Nguyen", "Okonkwo", "Papadopoulou", "Quiñones", "Ravindranath", "St. John", "Thibodeaux",
    "Ueland", "Vandenberghe", "Wojciechowski", "Ximénez", "Yamaguchi", "Zimmermann", "McAllister",
    "Featherstonehaugh-Cholmondeley", "D'Angelo", "Kjærgaard", "Müller", "Lefèvre", "Çelik",
    "Sørensen", "Ng", "Wu", "Oyelaran", "Macquarie", "Haddad", "Iyer", "Jóhannsdóttir", "Krishnan",
    "al-Sayed", "Núñez-Vega", "Bhattacharya", "Grünwald", "Fitzwilliam", "Tchaikovsky",
    "Brzęczyszczykiewicz", "Kőszegi", "Dvořák", "Şahin", "Subramanian", "Whitcombe",
]  # fmt: skip

SPECIALTIES = {  # as the services write it, as people write it, the code of its IDs
    "Internal Medicine": (("Internal Medicine", "IM", "Categorical IM", "Internal medicine"), "140"),
    "Family Medicine": (("Family Medicine", "FM", "Family Med"), "120"),
    "Emergency Medicine": (("Emergency Medicine", "EM"), "110"),
    "Pediatrics": (("Pediatrics", "Peds", "pediatrics"), "320"),
    "Psychiatry": (("Psychiatry", "Psych"), "400"),
    "Neurology": (("Neurology", "Neuro"), "180"),
    "Obstetrics and Gynecology": (("Obstetrics and Gynecology", "OB/GYN", "OBGYN"), "220"),
    "Surgery-General": (("Surgery-General", "Gen Surg", "General Surgery"), "440"),
    "Physical Medicine and Rehabilitation": (
        ("Physical Medicine and Rehabilitation", "PM&R"), "340"),
    "Anesthesiology": (("Anesthesiology", "Anesthesia"), "040"),
}  # fmt: skip

REASONS = [
    "the street-medicine team on {tree} Street", "your rural track along {tree} Creek",
    "the refugee clinic your residents run on {tree} Hill", "the {tree} addiction consult service",
    "your work on hypertension, around {tree} Lake", "the clinic in the {tree} schools",
]  # fmt: skip

NOTES = [
    "liked the chief, who went to {tag} High", "parking is bad; see {tag} garage",
    "PD mentioned the {tag} grant\nask about call", "4+1, night float, {tag} track",
    "partner's firm has a {tag} office", "email says apply early ({tag})",
    "resident said \"{tag} is great\", lots of autonomy", "free lunch, {tag} cafeteria",
    "needs 3 LORs; {tag} letter uploaded", "H1B ok? ask {tag}",
]  # fmt: skip
TAGS = [
    "Xanadu", "Bluefin", "Kestrel", "Marzipan", "Obsidian", "Pomelo", "Quartzite", "Saffron",
    "Tangerine", "Umbra", "Velcro", "Waffle", "Yarrow", "Zeppelin", "Gossamer", "Hickory",
    "Indigo", "Jackdaw", "Lantern", "Nectarine", "Pumice", "Rutabaga", "Sextant", "Trombone",
    "Vellum", "Wicker", "Custard", "Dulcimer", "Emu", "Fandango",
]  # fmt: skip
