package items

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"statehouse/engine/value"
)

// scalarOf says how the values of a Parquet column become JSON: numbers and booleans as they
// are, decimals as numbers with their digits, dates and times as ISO 8601 texts, UUIDs as
// text, other bytes as text when they are UTF-8 and in base64 when they are not.
func scalarOf(t parquet.Type) func(parquet.Value) value.Value {
	logical := format.LogicalType{}
	if lt := t.LogicalType(); lt != nil {
		logical = *lt
	}
	kind := t.Kind()
	switch lt := logical.Value.(type) {
	case *format.DecimalType:
		return func(v parquet.Value) value.Value { return decimal(unscaled(v), int(lt.Scale)) }
	case *format.DateType:
		return func(v parquet.Value) value.Value {
			return value.String(time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly))
		}
	case *format.TimestampType:
		unit, layout := lt.Unit.Value.Duration(), "2006-01-02T15:04:05.999999999"
		if lt.IsAdjustedToUTC {
			layout += "Z07:00"
		}
		return func(v parquet.Value) value.Value { return value.String(since1970(v.Int64(), unit).Format(layout)) }
	case *format.TimeType:
		unit := lt.Unit.Value.Duration()
		return func(v parquet.Value) value.Value {
			return value.String(since1970(integer(v), unit).Format("15:04:05.999999999"))
		}
	case *format.UUIDType:
		return func(v parquet.Value) value.Value { return uuid(v.ByteArray()) }
	case *format.IntType:
		if !lt.IsSigned {
			return func(v parquet.Value) value.Value { return unsigned(v) }
		}
	}
	switch kind {
	case parquet.Boolean:
		return func(v parquet.Value) value.Value { return value.Bool(v.Boolean()) }
	case parquet.Int32, parquet.Int64:
		return func(v parquet.Value) value.Value { return value.Int(integer(v)) }
	case parquet.Int96:
		return func(v parquet.Value) value.Value { return julian(v) }
	case parquet.Float:
		return func(v parquet.Value) value.Value { return single(v.Float()) }
	case parquet.Double:
		return func(v parquet.Value) value.Value { return value.Float(v.Double()) }
	case parquet.ByteArray, parquet.FixedLenByteArray:
	}
	return func(v parquet.Value) value.Value { return text(v.ByteArray()) }
}

func integer(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

func unsigned(v parquet.Value) value.Value {
	if v.Kind() == parquet.Int32 {
		return value.Int(int64(v.Uint32()))
	}
	return value.Number(strconv.FormatUint(v.Uint64(), 10))
}

// single keeps the few digits of a float32: 0.1 and not 0.10000000149011612.
func single(f float32) value.Value {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return value.Nil
	}
	return value.Number(strconv.FormatFloat(float64(f), 'g', -1, 32))
}

// since1970 is the time a number of units after 1970 began.
func since1970(n int64, unit time.Duration) time.Time {
	perSecond := int64(time.Second / unit)
	seconds, rest := n/perSecond, n%perSecond
	return time.Unix(seconds, rest*int64(unit)).UTC()
}

// julian is the timestamp that old programs keep in 96 bits: nanoseconds of the day, then the
// Julian day.
func julian(v parquet.Value) value.Value {
	const epoch = 2440588 // 1970-01-01
	i := v.Int96()
	nanos := int64(uint64(i[1])<<32 | uint64(i[0]))
	t := time.Unix((int64(i[2])-epoch)*86400, nanos).UTC()
	return value.String(t.Format("2006-01-02T15:04:05.999999999Z07:00"))
}

// unscaled is the whole number of a decimal.
func unscaled(v parquet.Value) *big.Int {
	if v.Kind() == parquet.Int32 || v.Kind() == parquet.Int64 {
		return big.NewInt(integer(v))
	}
	b := v.ByteArray() // two's complement, most significant byte first
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}

// decimal writes n with its last scale digits behind the point.
func decimal(n *big.Int, scale int) value.Value {
	digits := new(big.Int).Abs(n).String()
	if scale > 0 {
		if pad := scale + 1 - len(digits); pad > 0 {
			digits = strings.Repeat("0", pad) + digits
		}
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if n.Sign() < 0 {
		digits = "-" + digits
	}
	return value.Number(digits)
}

func uuid(b []byte) value.Value {
	if len(b) != 16 {
		return text(b)
	}
	return value.String(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
}

func text(b []byte) value.Value {
	if utf8.Valid(b) {
		return value.String(string(b))
	}
	return value.String(base64.StdEncoding.EncodeToString(b))
}
