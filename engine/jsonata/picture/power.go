package picture

import "math"

// Power is x to the power of y with the very digits that V8 gives, which most often are the nearest
// and sometimes the next. V8 takes the method of fdlibm: y·log2 x is calculated as the sum of a head,
// short enough that products of heads are exact, and a tail; two to that power is a shift and a
// polynomial. The order of the operations decides the last digit. Products are converted to float64, so that no compiler fuses them with the sum they are in.
func Power(x, y float64) float64 {
	if y == 0 {
		return 1
	}
	ax, ay := math.Abs(x), math.Abs(y)
	switch {
	case math.IsNaN(x) || math.IsNaN(y), ax == 1 && math.IsInf(y, 0):
		return math.NaN() // as JavaScript defines it
	case x == 0 || math.IsInf(x, 0) || math.IsInf(y, 0) || y == 1:
		return math.Pow(x, y)
	case y == -1:
		return 1 / x
	case y == 2:
		return x * x
	case y == 0.5 && x > 0:
		return math.Sqrt(x)
	}
	sign := 1.0
	if x < 0 {
		if y != math.Trunc(y) {
			return math.NaN()
		}
		if math.Mod(y, 2) != 0 {
			sign = -1
		}
	}
	if ax == 1 {
		return sign
	}
	var head, tail float64
	if ay > 1<<31 {
		if ay > 1<<64 || ax < 1-1.0/(1<<20) || ax > 1+1.0/(1<<20) {
			return sign * math.Pow(ax, y) // nothing or infinite
		}
		head, tail = logNearOne(ax)
	} else {
		head, tail = logTwo(ax)
	}
	yHead := upperHalf(y)
	low := float64((y-yHead)*head) + float64(y*tail)
	return sign * twoTo(yHead*head, low)
}

// upperHalf is f without the lower half of its bits.
func upperHalf(f float64) float64 { return math.Float64frombits(math.Float64bits(f) &^ (1<<32 - 1)) }

// logTwo is the binary logarithm of a positive number. With s = (m-b)/(m+b) for the mantissa m and
// the base b that is nearer to it, 1 or 1.5, it is n + log2 b + 2/ln 2·(s + s³/3 + s⁵/5 + …).
func logTwo(x float64) (head, tail float64) {
	const (
		scale     = 9.61796693925975554329e-01 // 2/(3 ln 2), and its two parts
		scaleHead = 9.61796700954437255859e-01
		scaleTail = -7.02846165095275826516e-09
	)
	m, exponent := math.Frexp(x)
	m, n := 2*m, float64(exponent-1)
	base, baseHead, baseTail := 1.0, 0.0, 0.0
	switch bits := math.Float64bits(m) >> 32 & (1<<20 - 1); {
	case bits >= 0xBB67A: // m > √3
		m, n = m/2, n+1
	case bits > 0x3988E: // m > √(3/2)
		base, baseHead, baseTail = 1.5, 5.84962487220764160156e-01, 1.35003920212974897128e-08
	}
	u, v := m-base, 1/(m+base)
	s := u * v
	sHead := upperHalf(s)
	sum := upperHalf(upperHalf(m) + base)
	rest := m - (sum - base)
	sTail := v * (u - float64(sHead*sum) - float64(sHead*rest))

	s2 := s * s
	r := float64(float64(s2*s2) * series(s2, 5.99999999999994648725e-01, 4.28571428578550184252e-01, 3.33333329818377432918e-01,
		2.72728123808534006489e-01, 2.30660745775561754067e-01, 2.06975017800338417784e-01))
	r += float64(sTail * (sHead + s))
	s2 = sHead * sHead
	high := upperHalf(3 + s2 + r)
	low := r - (high - 3 - s2)

	u = sHead * high
	v = float64(sTail*high) + float64(low*s)
	pHead := upperHalf(u + v)
	pTail := v - (pHead - u)
	zHead := scaleHead * pHead
	zTail := float64(scaleTail*pHead) + float64(pTail*scale) + baseTail
	head = upperHalf(zHead + zTail + baseHead + n)
	return head, zTail - (head - n - baseHead - zHead)
}

// logNearOne is the binary logarithm of a number that is at most 2^-20 away from one.
func logNearOne(x float64) (head, tail float64) {
	const (
		scale     = 1.44269504088896338700e+00 // 1/ln 2, and its two parts
		scaleHead = 1.44269502162933349609e+00
		scaleTail = 1.92596299112661746887e-08
	)
	t := x - 1
	w := float64(t*t) * (0.5 - float64(t*(0.3333333333333333333333-float64(t*0.25))))
	u := scaleHead * t
	v := float64(t*scaleTail) - float64(w*scale)
	head = upperHalf(u + v)
	return head, v - (head - u)
}

// twoTo is two to the power of high+low.
func twoTo(high, low float64) float64 {
	const (
		ln2     = 6.93147180559945286227e-01 // and its two parts
		ln2Head = 6.93147182464599609375e-01
		ln2Tail = -1.90465429995776804525e-09

		beyond = 8.0085662595372944372e-17 // from 1024 to where rounding makes infinite
	)
	z := low + high
	switch {
	case z > 1024, z == 1024 && low+beyond > z-high:
		return math.Inf(1)
	case z < -1075, z == -1075 && low <= z-high:
		return 0
	}
	n := 0.0
	if a := upperHalf(math.Abs(z)); a > 0.5 {
		n = math.Copysign(math.Floor(a+0.5), z)
		high -= n
	}
	t := upperHalf(low + high)
	u := t * ln2Head
	v := float64((low-(t-high))*ln2) + float64(t*ln2Tail)
	z = u + v
	w := v - (z - u)
	t = z * z
	t = z - float64(t*series(t, 1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
		-1.65339022054652515390e-06, 4.13813679705723846039e-08))
	// sic: V8 divides by what fdlibm subtracts from the quotient
	r := float64(z*t) / (t - 2 - (w + float64(z*w)))
	return math.Ldexp(1-(r-z), int(n))
}

// series is the polynomial a + b·x + c·x² + …
func series(x float64, factors ...float64) float64 {
	sum := 0.0
	for i := len(factors) - 1; i >= 0; i-- {
		sum = factors[i] + float64(x*sum)
	}
	return sum
}
