"""Every word that can stand in a question, an option or an answer of the synthetic samples.

Beside these words there are only digits, the marks of punctuation, and the braces and backslashes of LaTeX. The list
is closed and short, so that a small tokenizer can give each word a token of its own.
"""

_WORDS = """
    A a above add Alarm An Ana Apr are area around arrow B Back balance ball bar belong belongs below Ben Bern
    bike bird black bladder blue boat book bottle box brain bug bus but button C cactus Cairo camera car cat
    cells checked circle circles City Click Close column Copy core corn cross crosses cup D Dark dark day
    diamond diamonds different does E eat eater eats Edit Eva F faces fall Feb field figure Find fish flower
    food fork fox frac fraction Fri Friend frog from gloves grass green has hat have heart Help higher highest
    home How icon image In in Is is it Jan kidney Kim lamp largest leaf left Leo letter level Light Lima line
    liver lock lowest lung mail many Maps Mar Max May menu Mia milk Mon month more mouse much Music Name nearest
    News Next no not number numbers of on One Open or orange organ Oslo others owl Paris patient person Pet
    Photos pink play point points pot Print purple rabbit rectangle red rice right roll Rome salt Sam Save
    search seed Send shape shapes shirt shoe should show side smallest snake sock Sound spot sqrt square squares
    star stars stomach Stop sum sunglasses take tea temperature than that The the there thermometer thing Thu to
    Tom trash tree triangle triangles Tue umbrella Undo user value Wed weigh What Which which Will will written
    x yellow yes you Zoe
"""
VOCABULARY: tuple[str, ...] = tuple(_WORDS.split())
"""As they are written, so `What` and `what` are two."""
