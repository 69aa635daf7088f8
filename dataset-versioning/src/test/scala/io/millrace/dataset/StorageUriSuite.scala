package io.millrace.dataset

import java.nio.file.Path

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.StorageUri.Scheme

class StorageUriSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  import TableDrivenPropertyChecks.{forAll => forEach, Table}

  test("DS-5 parse - every form - gives scheme, authority, path and file name, and keeps its text") {
    forEach(Table(
      ("text", "scheme", "authority", "path", "file name"),
      ("s3://b/k.jpg", Scheme.S3, "b", "/k.jpg", "k.jpg"),
      ("s3a://b/a/k.jpg", Scheme.S3A, "b", "/a/k.jpg", "k.jpg"),
      ("obs://b/目录/图 1.jpg", Scheme.OBS, "b", "/目录/图 1.jpg", "图 1.jpg"),
      ("s3://b/100%20.jpg", Scheme.S3, "b", "/100%20.jpg", "100%20.jpg"),
      ("s3://b/a#b?c+d.jpg", Scheme.S3, "b", "/a#b?c+d.jpg", "a#b?c+d.jpg"),
      ("s3://b", Scheme.S3, "b", "/", ""),
      ("S3://b/k", Scheme.S3, "b", "/k", "k"),
      ("hdfs://host:8020/p/x", Scheme.HDFS, "host:8020", "/p/x", "x"),
      ("file:/p/x", Scheme.FILE, "", "/p/x", "x"),
      ("file:///p/x", Scheme.FILE, "", "/p/x", "x"),
      ("file://localhost/p/x", Scheme.FILE, "", "/p/x", "x"),
      ("file:///p/a%20b%23c.jpg", Scheme.FILE, "", "/p/a b#c.jpg", "a b#c.jpg"),
      ("file:///p/100%.jpg", Scheme.FILE, "", "/p/100%.jpg", "100%.jpg"),
      ("file:///p/a+b.jpg", Scheme.FILE, "", "/p/a+b.jpg", "a+b.jpg"),
      ("file:///p/%E5%9B%BE.jpg", Scheme.FILE, "", "/p/图.jpg", "图.jpg"),
      ("/p/a%20b c.jpg", Scheme.FILE, "", "/p/a%20b c.jpg", "a%20b c.jpg"),
      ("/p//q/😀.jpg", Scheme.FILE, "", "/p/q/😀.jpg", "😀.jpg"),
      ("/", Scheme.FILE, "", "/", ""),
      ("https://h:8443/a%20b.jpg?X-Sig=q/w#f", Scheme.HTTPS, "h:8443",
        "/a%20b.jpg?X-Sig=q/w#f", "a%20b.jpg"),
      ("https://h?sig=1", Scheme.HTTPS, "h", "?sig=1", ""),
      ("content://a \"b\"\nc/d", Scheme.CONTENT, "", "a \"b\"\nc/d", ""),
      ("content://", Scheme.CONTENT, "", "", ""))) { (text, scheme, authority, path, name) =>
      val uri = StorageUri.parse(text)
      assert((uri.value, uri.scheme, uri.authority, uri.path, uri.fileName)
        == ((text, scheme, authority, path, name)))
    }
  }

  test("parse - relative path, unknown scheme, no bucket, NUL - fails and says what is expected") {
    forEach(Table(
      ("text", "part of the message"),
      ("a/b.jpg", "or an absolute path"),
      ("", "or an absolute path"),
      ("ftp://h/x", "expected s3://"),
      ("http://h/x", "expected s3://"),
      ("s3:///k", "BUCKET-OR-HOST"),
      ("https://?x", "BUCKET-OR-HOST"),
      ("file:p", "expected file:/path or file:///path"),
      ("file://host/p", "expected file:/path or file:///path"),
      ("/a\u0000b", "NUL"),
      ("file:///a%00b", "NUL"))) { (text, message) =>
      val error = intercept[DatasetException](StorageUri.parse(text))
      assert(error.getMessage.contains(message))
    }
  }

  test("of(path) - any local path - parses back to the same path") {
    val names = Table("name", "a b", "a%20b", "100%", "a#b", "a?b", "a+b", "图", "😀", "a\"b'c", "a\\b",
      "e\u0301 decomposed", "a\nb", "a:b", "[x]{y}|^`~")
    forEach(names) { name =>
      val path = Path.of("/data").resolve(name)
      val uri = StorageUri.of(path)
      assert(StorageUri.parse(uri.value).requireLocalPath == path)
      assert(uri.value.matches("file:///[\\x21-\\x7e]+"))
    }
  }

  test("of(path) - arbitrary names - parse back to the same path") {
    forAll { (name: String) =>
      val plain = name.filterNot(c => c == '\u0000' || c == '/' || Character.isSurrogate(c))
      whenever(plain.nonEmpty && plain != "." && plain != "..") {
        val path = Path.of("/d").resolve(plain)
        assert(StorageUri.parse(StorageUri.of(path).value).requireLocalPath == path)
      }
    }
  }

  test("resolve - below a directory, a bucket and a root - adds one slash") {
    forEach(Table(
      ("base", "relative", "result"),
      ("s3://b/d", "x.jpg", "s3://b/d/x.jpg"),
      ("s3://b/d/", "./x y.jpg", "s3://b/d/x y.jpg"),
      ("s3://b", "x", "s3://b/x"),
      ("s3://b/", "x", "s3://b/x"),
      ("obs://b/d", "v/1%.xml", "obs://b/d/v/1%.xml"),
      ("hdfs://h:1/d", "x", "hdfs://h:1/d/x"),
      ("/d", "a b.jpg", "file:///d/a%20b.jpg"),
      ("/", "x", "file:///x"),
      ("file:/d%20e", "x%", "file:///d%20e/x%25"))) { (base, relative, result) =>
      assert(StorageUri.parse(base).resolve(relative).value == result)
    }
  }

  test("resolve - absolute, empty, leading out by .. or below what is no directory - is refused") {
    forEach(Table(
      ("base", "relative", "part of the message"),
      ("/d", "../x", "leads out of /d by '..'"),
      ("/d", "a/../../x", "leads out"),
      ("/d", "/x", "expected names separated by slashes"),
      ("/d", "", "expected names separated by slashes"),
      ("/d", "./", "expected names separated by slashes"),
      ("https://h/d", "x", "Cannot resolve"),
      ("content://t", "x", "Cannot resolve"))) { (base, relative, message) =>
      val error = intercept[DatasetException](StorageUri.parse(base).resolve(relative))
      assert(error.getMessage.contains(message))
    }
  }

  test("isSameOrBelow - the same, below, beside, above, another bucket - as a directory tree has it") {
    forEach(Table(
      ("this", "other", "expected"),
      ("/a/b", "/a", true),
      ("/a/b", "file:///a/b/", true),
      ("/ab", "/a", false),
      ("/a", "/a/b", false),
      ("/a", "/", true),
      ("/a/../c", "/a", false),
      ("s3://b/k", "s3a://b", true),
      ("s3://b/k", "s3://b/", true),
      ("s3://b/k", "s3://c/k", false),
      ("s3://b/k", "obs://b/k", false),
      ("content://ab", "content://a", false),
      ("content://a", "content://a", true))) { (mine, other, expected) =>
      assert(StorageUri.parse(mine).isSameOrBelow(StorageUri.parse(other)) == expected)
    }
  }

  test("relativize - an object below, with or without a slash, in a bucket; one beside - is its path, or refused") {
    def path(directory: String, below: String) =
      StorageUri.parse(directory).relativize(StorageUri.parse(below))
    assert(path("/a/b", "/a/b/c/d e.jpg") == "c/d e.jpg")
    assert(path("/a/b/", "file:///a/b/c%20d") == "c d")
    assert(path("s3://b", "s3://b/k/x") == "k/x")
    val thrown = intercept[IllegalStateException](path("/a/b", "/a/bc/d"))
    assert(thrown.getMessage == "/a/bc/d was listed below /a/b")
  }

  test("canonical - several spellings of one object - are one form") {
    forEach(Table(
      ("text", "canonical"),
      ("s3a://b/d/", "s3://b/d"),
      ("s3://b", "s3://b/"),
      ("obs://b/d/", "obs://b/d"),
      ("/a/./b/../c/", "file:///a/c"),
      ("file:/a%20b", "file:///a%20b"),
      ("https://h/x.jpg?sig=1", "https://h/x.jpg"),
      ("https://h?sig=1", "https://h"),
      ("content:// a ", "content:// a "))) { (text, canonical) =>
      assert(StorageUri.parse(text).canonical.value == canonical)
    }
  }

  test("parent - file, bucket object, roots - ends at the root") {
    def parent(text: String): Option[String] = {
      val parent = StorageUri.parse(text).parent
      if (parent.isPresent) Some(parent.get.value) else None
    }
    assert(parent("/a/b c") == Some("file:///a"))
    assert(parent("/a") == Some("file:///"))
    assert(parent("s3://b/k") == Some("s3://b/"))
    assert(parent("s3://b/d/k/") == Some("s3://b/d"))
    assert(Seq("/", "s3://b", "https://h/a", "content://x").flatMap(parent(_)).isEmpty)
  }

  test("toString - pre-signed address and content - shows no signature, no user, no long text") {
    assert(StorageUri.parse("https://u:pw@h/x?sig=secret").toString == "https://h/x")
    assert(StorageUri.parse("https://h?sig=secret").toString == "https://h")
    assert(StorageUri.ofContent("x" * 500).toString.length == 203)
  }

  test("ING-1 parse - a key before the bucket's name - is refused and not repeated") {
    Seq("s3a://AKIDMADEUP:hidden@bucket/x", "s3://AKIDMADEUP:hid/den@bucket/x", "obs://u@b/x").foreach { text =>
      val error = intercept[DatasetException](StorageUri.parse(text))
      assert(error.getMessage.startsWith("Invalid address: a user or a key stands before the bucket's name"))
      assert(!error.getMessage.contains("AKID") && !error.getMessage.contains("hid"))
    }
  }

  test("ING-1 isSameOrBelow - s3 and s3a - are one store; obs is another") {
    def below(address: String, other: String) =
      StorageUri.parse(address).isSameOrBelow(StorageUri.parse(other))
    assert(below("s3a://b/in/out", "s3://b/in/"))
    assert(below("S3://b/in", "s3a://b/in"))
    assert(!below("s3a://b/in-2", "s3://b/in"))
    assert(!below("obs://b/in/out", "s3://b/in"))
  }
}
