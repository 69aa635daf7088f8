package io.millrace.dataset.versioning

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, EOFException}
import java.util.Optional

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.{DatasetException, Usage}
import io.millrace.dataset.versioning.VersionIndex.Entry

class VersionIndexSuite extends AnyFunSuite with ScalaCheckPropertyChecks {

  test("VER-5 index - written in any order, or merged of parts - is the same file, sorted") {
    val entries = (0 until 10000).map(i => entry(new Random(i).nextLong(), i))
    val whole = written(entries)
    val parts = new Random(1).shuffle(entries).grouped(1234).map(written).toSeq
    val joined = new ByteArrayOutputStream()
    VersionIndex.merge(parts.map(stream).asJava, joined)
    assert(joined.toByteArray.sameElements(whole))
    assert(read(whole) == entries.sortBy(_.id))
    assert(whole.length == 8 + 25 * entries.size)
  }

  test("VER-5 index - merged of nothing, or of empty parts - is empty") {
    Seq(Seq(), Seq(written(Nil), written(Nil))).foreach { parts =>
      val joined = new ByteArrayOutputStream()
      VersionIndex.merge(parts.map(stream).asJava, joined)
      assert(read(joined.toByteArray) == Nil)
    }
  }

  test("VER-5 index - usages - each has a number of its own") {
    val all = Optional.empty[Usage] +: Usage.values.toSeq.map(Optional.of(_))
    assert(all.map(VersionIndex.partOf).distinct.size == all.size)
  }

  test("VER-5 index diff - each kind of difference - is counted, and together") {
    val before = Seq(entry(1, 0), entry(2, 0), entry(3, 0), entry(4, 0), entry(5, 0), entry(6, 0))
    val after = Seq(
      entry(2, 0),
      new Entry(3, 9, 0, 0),
      new Entry(4, 0, 9, 0),
      new Entry(5, 0, 0, 2),
      new Entry(6, 9, 9, 2),
      entry(7, 0)
    )
    assert(diff(before, after) == new DiffCounts(1, 1, 2, 2, 2, 1))
    assert(diff(Nil, before) == new DiffCounts(6, 0, 0, 0, 0, 0))
    assert(diff(before, Nil) == new DiffCounts(0, 6, 0, 0, 0, 0))
    assert(diff(Nil, Nil).isEmpty)
  }

  test("VER-5 index diff - two samples with one hash of their ids - are still both counted") {
    val twins = Seq(new Entry(5, 1, 0, 0), new Entry(5, 2, 0, 0))
    assert(diff(twins, twins.reverse) == new DiffCounts(0, 0, 0, 0, 0, 2))
    assert(diff(twins, twins.take(1)) == new DiffCounts(0, 1, 0, 0, 0, 1))
    assert(diff(Nil, twins) == new DiffCounts(2, 0, 0, 0, 0, 0))
  }

  test("VER-5 index diff - of itself - is empty; added is removed the other way; counts add up") {
    // Few ids, so that many are in both.
    val entries = Gen
      .listOf(
        for {
          id <- Gen.choose(-20L, 20L)
          labelling <- Gen.choose(0L, 1L)
          rest <- Gen.choose(0L, 1L)
          part <- Gen.choose(0, 2)
        } yield new Entry(id, labelling, rest, part.toByte))
      .map(_.distinctBy(_.id))
    forAll(entries, entries) { (a: List[Entry], b: List[Entry]) =>
      assert(diff(a, a).isEmpty && diff(a, a).unchanged == a.size)
      val there = diff(a, b)
      val back = diff(b, a)
      assert(there.added == back.removed && there.removed == back.added)
      assert(there.relabelled == back.relabelled && there.moved == back.moved)
      assert(there.changed == back.changed && there.unchanged == back.unchanged)
      val both = a.map(_.id).toSet & b.map(_.id).toSet
      assert(there.removed + both.size == a.size && there.added + both.size == b.size)
      val differing = a.count(x => b.exists(y => y.id == x.id && y != x))
      assert(there.unchanged == both.size - differing)
    }
  }

  test("VER-5 index - a file that ends within an entry, or is no index - fails and says so") {
    val whole = written(Seq(entry(1, 0), entry(2, 0)))
    Seq(9, 30, whole.length - 1).foreach { length =>
      val e = intercept[EOFException](read(whole.take(length)))
      assert(e.getMessage == "The index of a version ends within an entry")
    }
    Seq("", "mrindex", "mrindex2", "{\"a\": 1}").foreach { text =>
      val e = intercept[DatasetException](read(text.getBytes("UTF-8")))
      assert(e.getMessage.contains("the file is of another form"))
    }
    assertThrows[EOFException](
      VersionIndex.diff(stream(whole), stream(whole.take(whole.length - 3))))
  }

  test("VER-5 diff - parts and labels - only those whose numbers differ, with both numbers") {
    val before = java.util.Map.of("cat", Long.box(3), "dog", Long.box(5), "cow", Long.box(1))
    val after = java.util.Map.of("cat", Long.box(4), "dog", Long.box(5), "pig", Long.box(2))
    val changes = VersionDiff.changes(before, after).asScala
    assert(
      changes == Map(
        "cat" -> new VersionDiff.Change(3, 4),
        "cow" -> new VersionDiff.Change(1, 0),
        "pig" -> new VersionDiff.Change(0, 2)))
    assert(changes("cow").difference == -1)
  }

  private def entry(id: Long, rest: Long) = new Entry(id, 0, rest, 0)

  private def written(entries: Seq[Entry]): Array[Byte] = {
    val out = new ByteArrayOutputStream()
    VersionIndex.write(entries.asJava, out)
    out.toByteArray
  }

  private def stream(bytes: Array[Byte]): java.io.InputStream = new ByteArrayInputStream(bytes)

  private def read(bytes: Array[Byte]): Seq[Entry] =
    VersionIndex.read(stream(bytes)).asScala.toSeq

  private def diff(before: Seq[Entry], after: Seq[Entry]): DiffCounts =
    VersionIndex.diff(stream(written(before)), stream(written(after)))
}
