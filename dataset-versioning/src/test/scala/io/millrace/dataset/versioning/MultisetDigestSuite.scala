package io.millrace.dataset.versioning

import java.math.BigInteger
import java.nio.charset.StandardCharsets.UTF_8

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.Digest

class MultisetDigestSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private def of(things: String*): MultisetDigest = {
    val adder = new MultisetDigest.Adder
    things.foreach(thing => adder.add(thing.getBytes(UTF_8)))
    adder.sum
  }

  test("VER-2 digest of a multiset - nothing, and one thing - is zero, and its SHA-256") {
    assert(of().toDigest.hex == "0" * 64)
    assert(of("pets").toDigest == Digest.ofText("pets"))
  }

  test("VER-2 digest of a multiset - any parts in any order - is the sum modulo 2^256") {
    val modulus = BigInteger.ONE.shiftLeft(256)
    forAll(Gen.listOf(Gen.alphaNumStr), Gen.choose(0, 10)) { (things, cut) =>
      val (left, right) = things.splitAt(cut)
      val whole = of(things: _*)
      assert(of(right.reverse: _*).plus(of(left: _*)) == whole)
      val sum = things.map(t => new BigInteger(Digest.ofText(t).hex, 16)).foldLeft(BigInteger.ZERO)(_ add _)
      assert(whole.sum == sum.mod(modulus))
    }
  }

  test("VER-2 digest of a multiset - a thing twice, another thing, another path - differs") {
    assert(of("a", "a") != of("a"))
    assert(of("a", "b") != of("a", "c"))
    def file(path: String, content: String) = {
      val adder = new MultisetDigest.Adder
      adder.addFile(path, Digest.sha256.digest(content.getBytes(UTF_8)))
      adder.sum
    }
    assert(file("a.xml", "x") != file("b.xml", "x"))
    assert(file("a.xml", "x") != file("a.xml", "y"))
  }
}
