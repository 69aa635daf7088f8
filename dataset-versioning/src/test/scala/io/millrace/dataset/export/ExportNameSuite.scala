package io.millrace.dataset.export

import java.time.Instant

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

import io.millrace.dataset._

class ExportNameSuite extends AnyFunSuite {
  private def name(source: String, kind: DatasetKind = DatasetKind.IMAGE, number: Int = 1) =
    ExportName.of(Sample.of(StorageUri.parse(source), kind, 1, Instant.EPOCH), number)

  test("VER-6 names - awkward ones that mean the same everywhere - are kept") {
    forAll(Table(
      ("source", "name"),
      ("/d/a b.jpg", "a b.jpg"),
      ("file:///d/50%25.png", "50%.png"),
      ("s3://b/k/a#?&+.JPG", "a#?&+.JPG"),
      ("/d/狗 图.jpeg", "狗 图.jpeg"),
      ("/d/😀.bmp", "😀.bmp"),
      ("/d/a.b.c.jpg", "a.b.c.jpg"),
      ("https://h/x.jpg?X-Sig=secret", "x.jpg"),
      ("/d/noextension", "noextension.jpg"),
      ("/d/a.gif", "a.jpg"))) { (source, expected) =>
      assert(name(source).in("dir/") == "dir/" + expected)
    }
  }

  test("VER-6 names - hidden, too long, with control characters or spaces at their ends - a digest") {
    forAll(Table(
      "source", "/d/.hidden.jpg", "/d/ a.jpg", "/d/a .jpg", "/d/a\nb.jpg", "/d/a\\b.jpg",
      "/d/" + "长" * 61 + ".jpg", "content://some text")) { source =>
      val kind = if (source.startsWith("content")) DatasetKind.TEXT else DatasetKind.IMAGE
      assert(name(source, kind).stem.matches("[0-9a-f]{32}"))
      assert(name(source, kind) == name(source, kind))
    }
    assert(name("/d/" + "长" * 60 + ".jpg").stem == "长" * 60)
  }

  test("VER-6 names - equal but for case or composed accents - have one key and different paths") {
    val keys = Seq("/a/Case.jpg", "/b/case.png", "/c/CASE.bmp").map(s => ExportName.key(StorageUri.parse(s)))
    assert(keys.distinct.size == 1)
    assert(ExportName.key(StorageUri.parse("/a/e\u0301.jpg")) == ExportName.key(StorageUri.parse("/b/\u00e9.jpg")))
    assert(ExportName.key(StorageUri.parse("/a/x.jpg")) != ExportName.key(StorageUri.parse("/a/y.jpg")))
    assert(name("/b/case.png", number = 2).in("images/") == "images/2/case.png")
    assert(name("/b/case.png", number = 2).in("labels/", ".txt") == "labels/2/case.txt")
  }
}
