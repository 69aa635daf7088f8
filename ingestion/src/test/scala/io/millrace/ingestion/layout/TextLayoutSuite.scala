package io.millrace.ingestion.layout

import java.io.InputStream
import java.nio.charset.{Charset, StandardCharsets}
import java.nio.file.Path

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, DatasetKind, LabelTaskType, Limits, StorageUri}
import io.millrace.ingestion.{Note, RejectReason, TextOptions}
import io.millrace.ingestion.ImportFixture.write
import io.millrace.ingestion.layout.Outcome.{Accepted, Aside, Refused}
import io.millrace.ingestion.probe.TextScan
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class TextLayoutSuite extends AnyFunSuite with LayoutFixture {
  private val Gbk = Charset.forName("GBK")
  private val names =
    Seq("a b.txt", "a+b.txt", "100%.txt", "50%20x.csv", "a#b?c.txt", "狗/文本 1.txt", "😀.txt",
      "Case.txt", "case.txt", "deep/er/still/x.TXT")

  test("ING-2 text-combined - lines of text, tab and labels - samples of inline text") {
    val source = directory()
    write(source, "a.txt", "手感很好，反应速度很快\tpositive\nbad\tnegative,late\nplain\n")
    val samples = accepted(combined(source)).map(_.sample)
    assert(
      samples.map(s => s.source.path -> s.labels.asScala.toSeq.map(_.value)).toMap === Map(
        "手感很好，反应速度很快" -> Seq("positive"),
        "bad" -> Seq("late", "negative"),
        "plain" -> Nil))
    for (sample <- samples) {
      assert(sample.source.isContent)
      assert(sample.kind === DatasetKind.TEXT)
      assert(sample.sizeBytes === sample.source.path.getBytes(StandardCharsets.UTF_8).length)
      assert(sample.createdAt === now)
      assert(sample.origin.get === id)
      assert(
        sample.annotations.asScala.forall(_.taskType === LabelTaskType.TEXT_CLASSIFICATION))
    }
  }

  test("ING-2 text-combined - one file as source, whatever its extension - its lines") {
    val source = directory()
    for (name <- Seq("a.txt", "a.csv", "a.tsv", "a")) {
      val file = write(source, name, "good\tpositive")
      assert(texts(accepted(combined(file))) === Map("good" -> Seq("positive")))
    }
  }

  test("ING-2 text-combined - text that holds the separator - the last one counts") {
    val source = directory()
    write(source, "a.txt", "one\ttwo\tpositive\n")
    assert(texts(accepted(combined(source))) === Map("one\ttwo" -> Seq("positive")))
  }

  test("ING-2 text-combined - other separators - are used") {
    val source = directory()
    write(source, "a.csv", "a, b;;x|y\n")
    val laid = combined(source, new TextOptions(";;", "|"))
    assert(texts(accepted(laid)) === Map("a, b" -> Seq("x", "y")))
  }

  test("ING-2 text-combined - spaces around labels, empty and repeated labels - dropped") {
    val source = directory()
    write(source, "a.txt", "good\t positive , ,positive,\nfair\t \n")
    assert(texts(accepted(combined(source))) === Map("good" -> Seq("positive"), "fair" -> Nil))
  }

  test("ING-2 text-combined - equal texts in one file and in two - one sample, counted") {
    val source = directory()
    write(source, "a.txt", "good\tpositive\ngood\n")
    write(source, "b.txt", "good\tnice\n")
    val only = accepted(combined(source))
    assert(texts(only) === Map("good" -> Seq("nice", "positive")))
    assert(only.head.merged === 2)
  }

  test("ING-2 text-combined - what is wrong with a line - named reason, and the others taken") {
    forAll(
      Table(
        ("line", "reason", "message"),
        ("\tpositive".getBytes, RejectReason.EMPTY_TEXT, "There is no text to the labels 'positive'."),
        ("  \tpositive".getBytes, RejectReason.EMPTY_TEXT,
          "There is no text to the labels 'positive'."),
        (s"x\t${"l" * 129}".getBytes, RejectReason.INVALID_LABEL,
          s"Invalid label: 129 characters, starting '${"l" * 32}' (expected at most 128)"),
        (("x" * 10001).getBytes, RejectReason.BROKEN_LINE,
          "The line has 10001 bytes, the limit (limits.lineBytes) is 10000."),
        ("a\u0000b".getBytes, RejectReason.BROKEN_LINE,
          "The line holds a zero byte, as text in UTF-8 or GBK does not; convert the file from UTF-16."),
        (Array(0xff.toByte, 'a'.toByte), RejectReason.BROKEN_LINE,
          "The bytes of the line are no UTF-8, as the file otherwise is.")
      )) { (line, reason, message) =>
      val source = directory()
      val file = write(
        source, "a.txt", "好\tpositive\n".getBytes(StandardCharsets.UTF_8) ++ line ++ "\nlast\n".getBytes)
      val found = outcomes(combined(source))
      assert(texts(found.collect { case a: Accepted => a }).keySet === Set("好", "last"))
      val refused = found.collect { case r: Refused => r }
      assert(refused === Seq(new Refused(s"${StorageUri.of(file)}:2", reason, message)))
    }
  }

  test("ING-2 text-combined - line of just the limit, with Windows end - is taken") {
    val source = directory()
    write(source, "a.txt", "x" * 10000 + "\r\nb\r\n")
    assert(texts(accepted(combined(source))).keySet === Set("x" * 10000, "b"))
  }

  test("ING-2 text-combined - GBK, byte order mark, Windows line ends, no last line end") {
    forAll(
      Table[Array[Byte]](
        "bytes",
        "很好\t好\r\n不好\t坏".getBytes(Gbk),
        "\uFEFF很好\t好\r\n不好\t坏\r\n".getBytes(StandardCharsets.UTF_8),
        "很好\t好\n不好\t坏\n".getBytes(StandardCharsets.UTF_8))) { bytes =>
      val source = directory()
      write(source, "a.txt", bytes)
      assert(
        texts(accepted(combined(source))) === Map("很好" -> Seq("好"), "不好" -> Seq("坏")))
    }
  }

  test("ING-2 text-combined - each file has its own charset") {
    val source = directory()
    write(source, "a.txt", "很好\t好\n".getBytes(Gbk))
    write(source, "b.txt", "不好\t坏\n".getBytes(StandardCharsets.UTF_8))
    assert(texts(accepted(combined(source))) === Map("很好" -> Seq("好"), "不好" -> Seq("坏")))
  }

  test("ING-2 text-combined - blank lines - noted, not refused") {
    val source = directory()
    write(source, "a.txt", "good\tpositive\n\n \t \n\n")
    val found = outcomes(combined(source))
    assert(found.count(_ == new Aside(Note.BLANK_LINE)) === 3)
    assert(found.size === 4)
  }

  test("ING-2 text-combined - file names of every kind, files of others, empty directories") {
    val source = directory()
    names.zipWithIndex.foreach { case (name, i) => write(source, name, s"text $i\tlabel") }
    java.nio.file.Files.createDirectories(source.resolve("empty/er"))
    for (other <- Seq("a.jpg", ".hidden.txt", "__MACOSX/a.txt")) write(source, other, "x\ty")
    val found = outcomes(combined(source))
    assert(found.collect { case a: Accepted => a }.size === names.size)
    assert(found.count(_ == new Aside(Note.OTHER_FILE)) === 3)
    assert(found.size === names.size + 3)
  }

  test("ING-2 text-combined - line of gigabytes - is refused without being held") {
    // 300 MB of one line in a heap of which a tenth is free to this test would not do otherwise.
    val endless = new InputStream {
      private var left = 300L * 1024 * 1024
      override def read(): Int = { left -= 1; if (left >= 0) 'x' else -1 }
      override def read(bytes: Array[Byte], from: Int, count: Int): Int = {
        val some = math.min(left, count.toLong).toInt
        java.util.Arrays.fill(bytes, from, from + some, 'x'.toByte)
        left -= some
        if (some == 0) -1 else some
      }
    }
    val lines = new TextLines(endless, StandardCharsets.UTF_8, 1000)
    assert(
      lines.next() === new TextLine.Broken(
        1, s"The line has ${300L * 1024 * 1024} bytes, the limit (limits.lineBytes) is 1000."))
    assert(!lines.hasNext)
  }

  test("ING-2 text-combined - directory without texts - error says so") {
    val source = directory()
    write(source, "a.jpg", "x")
    val failure = intercept[DatasetException](combined(source))
    assert(
      failure.getMessage === s"Cannot import ${StorageUri.of(source)} as format text-combined: " +
        "it holds no .txt and no .csv file. Check the address and the format.")
  }

  test("ING-2 text-separate - X.txt and X_result.txt - matched line by line") {
    val source = directory()
    write(source, "in/COMMENTS_1.txt", "好\nbad\nso so\n")
    write(source, "in/COMMENTS_1_result.txt", "positive\nnegative,late\n\n")
    assert(
      texts(accepted(separate(source))) === Map(
        "好" -> Seq("positive"), "bad" -> Seq("late", "negative"), "so so" -> Nil))
  }

  test("ING-2 text-separate - different numbers of lines - the pair is refused with both") {
    val source = directory()
    val file = write(source, "a.txt", "one\ntwo\nthree\n")
    write(source, "a_result.txt", "x\ny")
    write(source, "b.txt", "four\n")
    write(source, "b_result.txt", "z\n")
    val found = outcomes(separate(source))
    assert(texts(found.collect { case a: Accepted => a }) === Map("four" -> Seq("z")))
    assert(
      found.collect { case r: Refused => r } === Seq(
        new Refused(
          StorageUri.of(file).toString,
          RejectReason.LINE_COUNTS_DIFFER,
          "a.txt has 3 lines, a_result.txt has 2; every text needs its line of labels, which may be empty.")))
  }

  test("ING-2 text-separate - labels without texts - refused") {
    val source = directory()
    val file = write(source, "a_result.txt", "x\ny\n")
    assert(
      refused(separate(source)) === Seq(
        new Refused(
          StorageUri.of(file).toString,
          RejectReason.SOURCE_MISSING,
          "The texts that these labels belong to are not there: there is no a.txt.")))
  }

  test("ING-2 text-separate - texts without labels - imported without labels, noted once") {
    val source = directory()
    write(source, "a.txt", "one\ntwo\n")
    val found = outcomes(separate(source))
    assert(texts(found.collect { case a: Accepted => a }) === Map("one" -> Nil, "two" -> Nil))
    assert(found.filterNot(_.isInstanceOf[Accepted]) === Seq(new Aside(Note.TEXT_WITHOUT_RESULT)))
  }

  test("ING-2 text-separate - names that end in _result - the first text of a chain decides") {
    forAll(
      Table(
        ("files", "samples", "refusals"),
        (Seq("a_result.txt", "a_result_result.txt"), Set("a_result.txt"), Set.empty[String]),
        (Seq("a.txt", "a_result.txt", "a_result_result.txt"), Set("a.txt"),
          Set("a_result_result.txt")),
        (Seq("_result.txt"), Set("_result.txt"), Set.empty[String]),
        (Seq("_result.txt", "_result_result.txt"), Set("_result.txt"), Set.empty[String]),
        (Seq("a.csv", "a_result.txt"), Set("a.csv"), Set("a_result.txt")),
        (Seq("a.csv", "a_result.csv"), Set("a.csv"), Set.empty[String])
      )) { (files, samples, refusals) =>
      val source = directory()
      files.foreach(name => write(source, name, name + "\n"))
      val found = outcomes(separate(source))
      assert(texts(found.collect { case a: Accepted => a }).keySet === samples)
      assert(
        found.collect { case r: Refused => r.source.split('/').last }.toSet === refusals)
    }
  }

  test("ING-2 text-separate - blank text with labels refused, without them noted") {
    val source = directory()
    write(source, "a.txt", "one\n\n\n")
    write(source, "a_result.txt", "x\ny\n\n")
    val found = outcomes(separate(source))
    assert(found.collect { case r: Refused => r.reason } === Seq(RejectReason.EMPTY_TEXT))
    assert(found.count(_ == new Aside(Note.BLANK_LINE)) === 1)
  }

  test("ING-2 text-separate - line of labels that cannot be read - refused with its place") {
    val source = directory()
    write(source, "a.txt", "one\ntwo\n")
    val file = write(source, "a_result.txt", "x" * 10001 + "\ny\n")
    val found = outcomes(separate(source))
    assert(found.collect { case r: Refused => r.source } === Seq(s"${StorageUri.of(file)}:1"))
    assert(texts(found.collect { case a: Accepted => a }) === Map("two" -> Seq("y")))
  }

  test("ING-2 text-separate - GBK texts, UTF-8 labels with byte order mark, Windows line ends") {
    val source = directory()
    write(source, "a.txt", "很好\r\n不好\r\n".getBytes(Gbk))
    write(source, "a_result.txt", "\uFEFF好\r\n坏".getBytes(StandardCharsets.UTF_8))
    assert(
      texts(accepted(separate(source))) === Map("很好" -> Seq("好"), "不好" -> Seq("坏")))
  }

  test("ING-2 text-separate - file names of every kind") {
    val source = directory()
    names.zipWithIndex.foreach { case (name, i) =>
      write(source, name, s"text $i")
      val dot = name.lastIndexOf('.')
      write(source, name.take(dot) + "_result" + name.drop(dot), s"label$i")
    }
    assert(
      texts(accepted(separate(source))) ===
        names.indices.map(i => s"text $i" -> Seq(s"label$i")).toMap)
  }

  test("ING-2 text-separate - a file as source, a directory without texts - errors say so") {
    val source = directory()
    val file = write(source, "a.jpg", "x")
    assert(
      intercept[DatasetException](separate(file)).getMessage ===
        s"Cannot import ${StorageUri.of(file)}: there is no such directory. Check the address.")
    assert(
      intercept[DatasetException](separate(source)).getMessage.contains("no .txt and no .csv file"))
  }

  test("ING-2 text charset - whole file and single lines vote - the majority wins") {
    val utf8 = StandardCharsets.UTF_8
    forAll(
      Table(
        ("bytes", "charset", "lines", "undecodable"),
        ("plain\nascii".getBytes, utf8, 2, 0),
        (Array.empty[Byte], utf8, 0, 0),
        ("联通\n".getBytes(Gbk), TextScan.GBK, 1, 0),
        ("é\n".getBytes(utf8), utf8, 1, 0),
        ("好\n很好\n".getBytes(utf8) ++ "坏\n".getBytes(Gbk), utf8, 3, 1),
        ("好\n很好\n坏人\n".getBytes(Gbk), TextScan.GBK, 3, 0),
        ("😀𠀀\n".getBytes(utf8), utf8, 1, 0),
        ("😀𠀀\n".getBytes("GB18030"), TextScan.GBK, 1, 0),
        (Array(0xed, 0xa0, 0x80).map(_.toByte), utf8, 1, 1),
        (Array(0xff, 0xff).map(_.toByte), utf8, 1, 1)
      )) { (bytes, charset, lines, undecodable) =>
      val scan = TextScan.of(new java.io.ByteArrayInputStream(bytes))
      assert(scan === new TextScan(charset, lines.toLong, undecodable.toLong, false))
    }
  }

  test("ING-2 text charset - random bytes - the scan agrees with Java's decoders on UTF-8") {
    val random = new scala.util.Random(7)
    for (_ <- 1 to 3000) {
      val bytes = Array.fill(1 + random.nextInt(6))((0x80 + random.nextInt(128)).toByte)
      val decoder = StandardCharsets.UTF_8.newDecoder()
      val valid =
        try { decoder.decode(java.nio.ByteBuffer.wrap(bytes)); true }
        catch { case _: java.nio.charset.CharacterCodingException => false }
      val scan = TextScan.of(new java.io.ByteArrayInputStream(bytes))
      assert(valid === (scan.charset == StandardCharsets.UTF_8 && scan.undecodable == 0))
    }
  }

  private def combined(source: Path, text: TextOptions = TextOptions.DEFAULT): Laid =
    limited(open(new TextCombinedFormat, source, LabelTaskType.TEXT_CLASSIFICATION, text)) {
      case layout: TextCombinedLayout =>
        new TextCombinedLayout(layout.source, layout.text, 10000)
    }

  private def separate(source: Path): Laid =
    limited(open(new TextSeparateFormat, source, LabelTaskType.TEXT_CLASSIFICATION)) {
      case layout: TextSeparateLayout =>
        new TextSeparateLayout(layout.source, layout.text, 10000)
    }

  private def limited(laid: Laid)(change: PartialFunction[ImportLayout, ImportLayout]): Laid =
    laid.copy(layout = change(laid.layout))

  private def texts(found: Seq[Accepted]): Map[String, Seq[String]] =
    found.map(a => a.sample.source.path -> a.sample.labels.asScala.toSeq.map(_.value)).toMap
}
