package exchange

import (
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// spot is one placeholder in a text: how definitions write a value that is filled in later, as
// ${LambdaArn}. It is the same form that the editor tolerates.
type spot struct {
	start, end int
	name       string
	inside     bool // of a JSON string
}

// spots lists the placeholders of a definition in their order.
func spots(text string) []spot { return spotsOf(isPlaceholder, text) }

// maxReference is how long the name of a placeholder may be, with its end.
const maxReference = 500

// spotsOf lists the pieces ${name} whose names are as they shall be.
func spotsOf(named func(string) bool, text string) []spot {
	var list []spot
	inside, at := false, 0
	for from := 0; ; {
		i := strings.Index(text[from:], "${")
		if i < 0 {
			return list
		}
		start := from + i
		from = start + 2
		n := strings.IndexByte(text[from:min(len(text), from+maxReference)], '}')
		if n < 0 || !named(text[from:from+n]) {
			continue
		}
		inside = quotesFrom(inside, text[at:start])
		at, from = from+n+1, from+n+1
		list = append(list, spot{start, at, text[start+2 : at-1], inside})
	}
}

// isPlaceholder tells whether a placeholder may have this name.
func isPlaceholder(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if !letter && (i == 0 || (c < '0' || c > ':') && c != '_' && c != '.' && c != '-') {
			return false
		}
	}
	return name != ""
}

// quotesFrom tells whether a JSON string is open at the end of a stretch of text.
func quotesFrom(inside bool, stretch string) bool {
	for i := 0; i < len(stretch); i++ {
		switch stretch[i] {
		case '"':
			inside = !inside
		case '\\':
			if inside {
				i++
			}
		}
	}
	return inside
}

// replaced is the text with each placeholder replaced by what with gives; false leaves one.
func replaced(text string, with func(spot) (string, bool)) string {
	return replacedBy(isPlaceholder, text, with)
}

func replacedBy(named func(string) bool, text string, with func(spot) (string, bool)) string {
	var b strings.Builder
	at := 0
	for _, s := range spotsOf(named, text) {
		if put, ok := with(s); ok {
			b.WriteString(text[at:s.start])
			b.WriteString(put)
			at = s.end
		}
	}
	return b.String() + text[at:]
}

// sound is a definition as JSON: placeholders that stand outside of quotes become strings.
func sound(text string) string {
	return replaced(text, func(s spot) (string, bool) {
		return quoted(reference(s.name)), !s.inside
	})
}

// escaped is a text as the inside of a JSON string.
func escaped(s string) string {
	q := quoted(s)
	return q[1 : len(q)-1]
}

// placeholdersOf lists what is open in a definition, in the order it is used, with what is
// known about each by its name.
func placeholdersOf(text string, known func(name string) *hole) []Placeholder {
	uses := map[string][]Use{}
	if strings.Contains(text, "${") {
		if doc, err := value.Parse(sound(text)); err == nil {
			findUses(doc, "", "", uses)
		}
	}
	var list []Placeholder
	places := map[string]int{}
	for _, s := range spots(text) {
		i, there := places[s.name]
		if !there {
			p := Placeholder{Name: s.name, Kind: Text, Uses: uses[s.name]}
			if h := known(s.name); h != nil {
				p.Kind, p.About, p.Suggestion = or(h.kind, Text), h.about, h.suggestion
				if h.known {
					p.Default, p.HasDefault = h.value, true
				}
			}
			if lower := strings.ToLower(s.name); p.Kind == Text && (strings.HasSuffix(lower, "arn") || usedAsARN(p.Uses)) {
				p.Kind = ARN
			} else if p.Kind == Number && s.inside {
				p.Kind = Text
			}
			list = append(list, p)
			i = len(list) - 1
			places[s.name] = i
		}
		if p := &list[i]; !s.inside {
			p.Kind = Number
			if p.Default == reference(p.Name) { // no JSON
				p.Default, p.HasDefault = "", false
			}
		}
	}
	return list
}

// literal is a placeholder for which the files of a template or a module have nothing: they
// let it through as it is.
func literal(name string) *hole {
	return &hole{name: name, kind: Text, about: "stands so in the files", known: true, value: reference(name)}
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func usedAsARN(uses []Use) bool {
	for _, u := range uses {
		if !strings.HasSuffix(u.Pointer, "/Resource") && !strings.HasSuffix(strings.TrimSuffix(u.Pointer, ".$"), "Arn") {
			return false
		}
	}
	return len(uses) > 0
}

// maxUses is how many places are told of one placeholder.
const maxUses = 20

// findUses walks a definition; state is the innermost state around v.
func findUses(v value.Value, pointer, state string, uses map[string][]Use) {
	note := func(text string) {
		for _, s := range spots(text) {
			name := s.name
			if len(uses[name]) < maxUses {
				uses[name] = append(uses[name], Use{State: state, Pointer: pointer})
			}
		}
	}
	switch v.Kind() {
	case value.KindString:
		note(v.Text())
	case value.KindArray:
		for i, item := range v.Items() {
			findUses(item, pointer+"/"+strconv.Itoa(i), state, uses)
		}
	case value.KindObject:
		states := strings.HasSuffix(pointer, "/States")
		for _, m := range v.Members() {
			note(m.Key)
			inner := state
			if states {
				inner = m.Key
			}
			findUses(m.Value, pointer+"/"+pointerEscape.Replace(m.Key), inner, uses)
		}
	case value.KindAbsent, value.KindNull, value.KindBool, value.KindNumber:
	}
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")
