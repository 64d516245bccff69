package awsapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const odd = " \t  ,;:=\"'äß€\u00a0日本-abcXYZ019~+%&"

func text(random *rand.Rand, alphabet string, most int) string {
	runes := []rune(alphabet)
	var b strings.Builder
	for range random.IntN(most + 1) {
		b.WriteRune(runes[random.IntN(len(runes))])
	}
	return b.String()
}

// call is a random call: any operation, any body, any headers beside those that belong there.
func (k *ring) call(t *testing.T, random *rand.Rand) *http.Request {
	t.Helper()
	svc := services[random.IntN(len(services))]
	names := slices.Sorted(maps.Keys(svc.operations))
	body := "[" + strconv.Quote(text(random, "äöü€日本語\U0001F600 abc0123{}[]\\\"", 300)) + "]"
	if random.IntN(20) == 0 {
		body = "[" + strings.Repeat("0,", 50_000) + "0]"
	}
	r := unsignedFor(t, svc.prefix+names[random.IntN(len(names))], body)
	if random.IntN(3) == 0 {
		r.Host = []string{"localhost:19000", "STATES.example", "[::1]:8080", "10.0.0.7"}[random.IntN(4)]
	}
	if random.IntN(4) == 0 {
		r.URL.RawQuery = "b=2&a=1&a=0&c&z=" + strconv.Itoa(random.IntN(1000))
	}
	if random.IntN(3) == 0 {
		sum := sha256.Sum256([]byte(body))
		r.Header.Set("X-Amz-Content-Sha256", hex.EncodeToString(sum[:]))
	}
	for i := range random.IntN(6) {
		name := "X-Odd-" + strconv.Itoa(i)
		for range 1 + random.IntN(2) {
			r.Header.Add(name, text(random, odd, 30))
		}
	}
	if random.IntN(2) == 0 {
		r.Header.Set("Amz-Sdk-Invocation-Id", text(random, "0123456789abcdef-", 36)+"x")
		r.Header.Set("Amz-Sdk-Request", "attempt=1;  max=3")
	}
	if random.IntN(5) == 0 {
		r.Header.Set("User-Agent", "aws-sdk-go-v2/1 not signed")
	}
	return k.signFor(t, r, body, now.Add(time.Duration(random.IntN(599)-299)*time.Second), svc.name)
}

// spot finds what a test may change on the line: the value of a header, a part of it, or the
// body. A change there must not go unseen.
func spot(t *testing.T, random *rand.Rand, line []byte) (what string, from, to int) {
	t.Helper()
	head := bytes.Index(line, []byte("\r\n\r\n"))
	header := func(name string) (int, int) {
		i := bytes.Index(line[:head+2], []byte("\r\n"+name+": "))
		if i < 0 {
			t.Fatalf("no %s in %q", name, line[:head])
		}
		i += len(name) + 4
		return i, i + bytes.Index(line[i:], []byte("\r\n"))
	}
	part := func(name string) (int, int) {
		from, to := header("Authorization")
		i := from + bytes.Index(line[from:to], []byte(name+"="))
		end := bytes.IndexByte(line[i:to], ',')
		if end < 0 {
			end = to - i
		}
		return i, i + end
	}
	kinds := []string{"body", "host", "date", "target", "authorization", "credential", "signed headers", "signature", "content type"}
	odd := bytes.Index(line[:head], []byte("\r\nX-Odd-0: "))
	if odd >= 0 {
		kinds = append(kinds, "odd header")
	}
	what = kinds[random.IntN(len(kinds))]
	switch what {
	case "body":
		from, to = head+4, len(line)
	case "host":
		from, to = header("Host")
	case "date":
		from, to = header("X-Amz-Date")
	case "target":
		from, to = header("X-Amz-Target")
	case "authorization":
		from, to = header("Authorization")
	case "credential":
		from, to = part("Credential")
	case "signed headers":
		from, to = part("SignedHeaders")
	case "signature":
		from, to = part("Signature")
	case "content type":
		from, to = header("Content-Type")
	case "odd header":
		from, to = header("X-Odd-0")
		value := bytes.TrimSpace(line[from:to]) // spaces around a value are not part of it
		if len(value) == 0 {
			from, to = header("Host")
			break
		}
		from += bytes.Index(line[from:to], value)
		to = from + len(value)
	}
	return what, from, to
}

func TestAThousandSignedCallsAreAcceptedAndNoneWithAByteFlipped(t *testing.T) {
	t.Parallel()
	for part := range 4 {
		t.Run(strconv.Itoa(part), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(7, uint64(part))) //nolint:gosec // the same calls every time
			k := newRing()
			h := verifying(t, k, atNow)
			for i := range 250 {
				line := wire(t, k.call(t, random))
				if code, message := send(t, h, line); code != "SerializationException" {
					t.Fatalf("call %d was refused: %s %s\n%.2000s", i, code, message, line)
				}
				what, from, to := spot(t, random, line)
				at, bit := from+random.IntN(to-from), byte(1)<<random.IntN(8)
				flipped := bytes.Clone(line)
				flipped[at] ^= bit
				if code, message := send(t, h, flipped); !doors[code] && code != "unreadable" && code != "UnknownOperationException" {
					t.Errorf("call %d was accepted with %q for %q in its %s: %s %s\n%.1500q", i, flipped[at], line[at], what, code, message, flipped)
				}
			}
			if k.used.Load() != 250 {
				t.Errorf("%d uses of the key were noted, want 250", k.used.Load())
			}
		})
	}
}
