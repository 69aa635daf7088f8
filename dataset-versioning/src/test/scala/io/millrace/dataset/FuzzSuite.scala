package io.millrace.dataset

import java.io.ByteArrayInputStream
import java.nio.charset.StandardCharsets.UTF_8

import scala.jdk.CollectionConverters._
import scala.util.{Random, Using}

import org.scalacheck.Gen
import org.scalacheck.rng.Seed
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.manifest._
import io.millrace.dataset.voc._

/** Mutated input from a fixed seed: nothing throws, nothing hangs, nothing is lost. */
class FuzzSuite extends AnyFunSuite {
  private val seed = 20261122L

  private def examples[T](gen: Gen[T], count: Int): IndexedSeq[T] =
    Iterator.iterate(Seed(seed))(_.next)
      .flatMap(s => gen(Gen.Parameters.default.withSize(20), s)).take(count).toIndexedSeq

  /** Changes, repeats, moves, cuts or adds a few bytes. */
  private def mutate(bytes: Array[Byte], random: Random, spice: IndexedSeq[Array[Byte]]) = {
    (0 to random.nextInt(3)).foldLeft(bytes) { (current, _) =>
      val at = random.nextInt(current.length + 1)
      val to = math.min(current.length, at + random.nextInt(20))
      random.nextInt(6) match {
        case 0 if at < current.length => current.updated(at, random.nextInt(256).toByte)
        case 1 => current.take(at) ++ current.drop(to)
        case 2 => current.take(to) ++ current.drop(at)
        case 3 => current.take(at)
        case 4 => current.take(at) ++ current.slice(at, to).reverse ++ current.drop(to)
        case _ => current.take(at) ++ spice(random.nextInt(spice.length)) ++ current.drop(at)
      }
    }
  }

  test("DS-5 fuzz - 100,000 mutated manifest lines - each ends accepted, losslessly, or rejected") {
    val random = new Random(seed)
    val good = examples(ManifestLines.lines, 400) ++
      examples(Samples.samples, 200).map(new ManifestCodec().encode(_))
    val spice = IndexedSeq("\"", "\\", "\\ud800", "{", "[[[[", "}", "null", "1e999999999",
      "-1e-999999999", "NaN", "9" * 500, "\u0000", "\ufeff", ",", "\"source\":", "\"hard\":2,",
      "\"source-type\":\"CarbonData\",", "modelarts/", "\r", "😀", "//", "file:", "https:///",
      "\"id\":\" \",").map(_.getBytes(UTF_8))
    // A line end would make two lines of one, and a blank line is none.
    val lines = Iterator.continually(mutate(good(random.nextInt(good.length)).getBytes(UTF_8),
      random, spice)).map(_.filter(_ != '\n')).filter(_.exists(b => b > ' ' || b < 0))
      .take(100000).toVector
    val file = lines.flatMap(_ :+ '\n'.toByte).toArray
    val parsed = Using.resource(new ManifestReader(new ByteArrayInputStream(file),
      new ManifestCodec, Limits.DEFAULT))(_.asScala.toVector)
    assert(parsed.map(_.lineNumber) == (1 to 100000).map(_.toLong))
    val accepted = parsed.collect { case a: Accepted => a }
    accepted.zipWithIndex.filter(_._2 % 10 == 0).foreach { case (a, _) =>
      assert(JsonValues.parse(new ManifestCodec().encode(a)) == JsonValues.parse(a.wire))
      new ManifestCodec().encode(a.sample)
    }
    parsed.foreach {
      case r: Rejected => assert(r.column >= 1 && r.reason.nonEmpty && r.text.length <= 200)
      case _: Accepted =>
    }
    info(s"${accepted.size} accepted, ${parsed.size - accepted.size} rejected")
    assert(accepted.size > 5000 && accepted.size < 95000)
  }

  test("DS-6 fuzz - 20,000 mutated VOC files - each ends accepted, and is stable, or rejected") {
    val random = new Random(seed)
    val codec = new VocCodec(Limits.DEFAULT)
    val good = examples(VocDocuments.documents, 200).map(codec.encode)
    val spice = IndexedSeq("<", ">", "&", "&lt;", "&x;", "&#0;", "&#x10FFFF;", "]]>", "<![CDATA[",
      "<!--", "<?xml version=\"1.0\"?>", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
      "<ymin>1</ymin>", "</object>", "<object>", "<bndbox>", "NaN", "-", "1e400", "\u0000", "猫",
      "<a:b/>", " xmlns:a=\"x\"", "xml:lang='x'", "<part>").map(_.getBytes(UTF_8))
    val results = (1 to 20000).map { _ =>
      val bytes = mutate(good(random.nextInt(good.length)), random, spice)
      codec.decode(bytes) match {
        case a: ParsedVoc.Accepted =>
          codec.decode(codec.encode(a.document)) match {
            case again: ParsedVoc.Accepted => assert(again.document == a.document)
            case r: ParsedVoc.Rejected => fail(r.describe(new String(bytes, UTF_8)))
          }
          true
        case r: ParsedVoc.Rejected =>
          assert(r.message.nonEmpty && r.line >= 0 && r.column >= 0)
          false
      }
    }
    info(s"${results.count(identity)} accepted, ${results.count(!_)} rejected")
    assert(results.count(identity) > 500 && results.count(!_) > 500)
  }
}
