package gost

import "math/big"

// curve is y² = x³ + ax + b over the field of p elements, with the base point
// (x, y) that generates a subgroup of prime order q.
type curve struct {
	p, a, b, q, x, y *big.Int
	cofactor         int // points on the curve divided by q
}

// point is (x/z², y/z³); z = 0 is the neutral element.
type point struct{ x, y, z *big.Int }

func affine(x, y *big.Int) *point { return &point{x, y, big.NewInt(1)} }

func (c *curve) base() *point { return affine(c.x, c.y) }

func neutral() *point { return &point{new(big.Int), new(big.Int), new(big.Int)} }

func (p *point) isNeutral() bool { return p.z.Sign() == 0 }

// contains reports whether the coordinates are elements of the field and satisfy the equation of
// the curve.
func (c *curve) contains(x, y *big.Int) bool {
	for _, coordinate := range []*big.Int{x, y} {
		if coordinate.Sign() < 0 || coordinate.Cmp(c.p) >= 0 {
			return false
		}
	}
	right := c.mul(x, x)
	right.Add(right, c.a)
	right = c.mul(right, x)
	right.Add(right, c.b)
	right.Mod(right, c.p)
	return c.mul(y, y).Cmp(right) == 0
}

// inSubgroup reports whether the point belongs to the group that the base point generates. It
// computes nothing if the cofactor is one: then every point does.
func (c *curve) inSubgroup(p *point) bool {
	return c.cofactor == 1 || c.combination(c.q, p, new(big.Int), p).isNeutral()
}

// affineX returns the x coordinate of a point that is not neutral.
func (c *curve) affineX(p *point) *big.Int {
	inverse := new(big.Int).ModInverse(p.z, c.p)
	return c.mul(p.x, c.mul(inverse, inverse))
}

// combination returns m·g + n·k. It processes the bits of both numbers in one pass.
func (c *curve) combination(m *big.Int, g *point, n *big.Int, k *point) *point {
	both := c.add(g, k)
	sum := neutral()
	for i := max(m.BitLen(), n.BitLen()) - 1; i >= 0; i-- {
		sum = c.double(sum)
		switch m.Bit(i) | n.Bit(i)<<1 {
		case 1:
			sum = c.add(sum, g)
		case 2:
			sum = c.add(sum, k)
		case 3:
			sum = c.add(sum, both)
		}
	}
	return sum
}

// add returns the sum of two points, which may be equal, opposite or neutral.
func (c *curve) add(p, k *point) *point {
	switch {
	case p.isNeutral():
		return k
	case k.isNeutral():
		return p
	}
	pzz, kzz := c.mul(p.z, p.z), c.mul(k.z, k.z)
	px, kx := c.mul(p.x, kzz), c.mul(k.x, pzz)
	py, ky := c.mul(p.y, c.mul(kzz, k.z)), c.mul(k.y, c.mul(pzz, p.z))
	dx, dy := c.sub(kx, px), c.sub(ky, py)
	if dx.Sign() == 0 {
		if dy.Sign() == 0 {
			return c.double(p)
		}
		return neutral()
	}
	dx2 := c.mul(dx, dx)
	dx3 := c.mul(dx2, dx)
	scaled := c.mul(px, dx2)
	x := c.sub(c.sub(c.mul(dy, dy), dx3), new(big.Int).Lsh(scaled, 1))
	y := c.sub(c.mul(dy, c.sub(scaled, x)), c.mul(py, dx3))
	return &point{x, y, c.mul(dx, c.mul(p.z, k.z))}
}

func (c *curve) double(p *point) *point {
	if p.isNeutral() || p.y.Sign() == 0 {
		return neutral()
	}
	yy, zz := c.mul(p.y, p.y), c.mul(p.z, p.z)
	s := c.mul(p.x, yy)
	s.Lsh(s, 2)
	slope := c.mul(p.x, p.x)
	slope.Mul(slope, big.NewInt(3))
	slope.Add(slope, c.mul(c.a, c.mul(zz, zz)))
	slope.Mod(slope, c.p)

	x := c.sub(c.mul(slope, slope), new(big.Int).Lsh(s, 1))
	y8 := c.mul(yy, yy)
	y8.Lsh(y8, 3)
	y := c.sub(c.mul(slope, c.sub(s, x)), y8)
	z := c.mul(p.y, p.z)
	z.Lsh(z, 1)
	return &point{x, y, z.Mod(z, c.p)}
}

func (c *curve) mul(a, b *big.Int) *big.Int {
	product := new(big.Int).Mul(a, b)
	return product.Mod(product, c.p)
}

func (c *curve) sub(a, b *big.Int) *big.Int {
	difference := new(big.Int).Sub(a, b)
	return difference.Mod(difference, c.p)
}
