"""The letters of Vietnamese fonts from before Unicode: what their codes show as elsewhere, and what they mean."""

# TCVN 5712:1993 VN3 ("ABC", the fonts .VnTime and their like). Their capital sisters (.VnTimeH) draw the same codes
# as capitals, so that only the font tells Nguyễn from NGUYỄN.
TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

# VNI for Windows: a vowel, and behind it the sign of its mark; some letters have a code of their own.
VNI_ALONE = dict(zip("ñíìæóòôöî", "đíìỉĩịơưỵ", strict=True))
_TONES = {"ù": "áéóúýớứ", "ø": "àèòùỳờừ", "û": "ảẻỏủỷởử", "õ": "ãẽõũỹỡữ", "ï": "ạẹọụ ợự"}
_ROUND = {"â": "âêô", "á": "ấếố", "à": "ầềồ", "å": "ẩểổ", "ã": "ẫễỗ", "ä": "ậệộ"}
_SHORT = {"ê": "ă", "é": "ắ", "è": "ằ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ"}
VNI_PAIRS = {
    vowel + mark: letter
    for marks, vowels in ((_TONES, "aeouyôö"), (_ROUND, "aeo"), (_SHORT, "a"))
    for mark, letters in marks.items()
    for vowel, letter in zip(vowels, letters, strict=True)
    if letter != " "
}

# How a Vietnamese syllable is built, without its tone: what may stand before the vowels, the vowels, what may end it.
ONSETS = "ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
NUCLEI = (
    "uyê|uya|uyu|iêu|yêu|ươi|ươu|uôi|uây|oai|oay|oeo|oao|uao|uêu|ươ|iê|yê|uô|uơ|uê|uâ|uă|oa|oă|oe|oo|uy|ua|ưa|ia|"
    "ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
CODAS = "ch|ng|nh|c|m|n|p|t|"
