package io.millrace.dataset.split

import java.nio.file.{Files, Path}
import java.util.{List => JList, Optional, OptionalInt}

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks

import io.millrace.dataset.{DatasetException, StorageUri, Usage}
import io.millrace.dataset.versioning.{GroupKey, SplitParts}
import io.millrace.dataset.versioning.SplitPlan.{Division, EarlierParts, PartList}

class SampleDivisionSuite extends AnyFunSuite with TableDrivenPropertyChecks {
  private val plan = new Division(SplitParts.Shares.parse("80,20"), 1)

  test("VER-3 rules - samples that are given a part - have it, and the rest is drawn in the ratio") {
    val held = ids(10, "held").map(id => sample(id).copy(part = Some(Usage.TEST)))
    val bare = sample("bare").copy(labels = None)
    val bareHeld = sample("bare-held").copy(labels = None, part = Some(Usage.EVAL))
    val usages = divide(plan, ids(50).map(sample) ++ held :+ bare :+ bareHeld)
    assert(count(usages) == Map(Some(Usage.TRAIN) -> 40, Some(Usage.EVAL) -> 11,
      Some(Usage.TEST) -> 10, None -> 1))
    assert(usages("bare").isEmpty && usages("bare-held").contains(Usage.EVAL))
  }

  test("VER-3 rules - every labelled sample is given a part - nothing is drawn") {
    val usages = divide(plan, Seq(sample("a").copy(part = Some(Usage.TRAIN)), sample("b")
      .copy(labels = None)))
    assert(usages == Map("a" -> Some(Usage.TRAIN), "b" -> None))
  }

  test("VER-3 nothing is drawn - samples without a given part - have none") {
    val lists = JList.of(list("id-001,TEST"))
    val nothing = new Division(SplitParts.NOTHING_DRAWN, JList.of, lists, EarlierParts.IGNORE,
      GroupKey.Standard.NONE, 1)
    val usages = divide(nothing, ids(3).map(sample))
    assert(usages.collect { case (id, Some(usage)) => id -> usage } == Map("id-001" -> Usage.TEST))
  }

  test("VER-3 split - no sample is labelled - fails") {
    val e = intercept[DatasetException](divide(plan, Seq(sample("a").copy(labels = None))))
    assert(e.getMessage == "Cannot split: no sample is labelled. Label samples first, or publish " +
      "without a split (ratio 1.00).")
    assert(intercept[DatasetException](divide(plan, Nil)).getMessage == e.getMessage)
  }

  test("VER-3 stable - five versions with added and removed samples - no sample moves") {
    val random = new Random(7)
    Seq(plan, new Division(SplitParts.Shares.parse("60,20,20"), 3),
      new Division(new SplitParts.Folds(4, OptionalInt.of(1)), 5)).foreach { first =>
      val stable = first.withEarlier(EarlierParts.KEEP)
      var sides = Map.empty[String, (Option[Usage], Option[Int])]
      var present = Seq.empty[Sampled]
      (1 to 5).foreach { version =>
        val added = ids(40, s"v$version").map(id => sample(id).copy(labels =
          Some(Set("a", "b", "c").filter(_ => random.nextInt(3) > 0))))
        val returned = sides.keys.filterNot(present.map(_.id).toSet).take(3).map(sample)
        present = (random.shuffle(present).drop(12) ++ added ++ returned).map { s =>
          s.copy(earlier = sides.get(s.id).map { case (usage, fold) =>
            (fold.fold(usage.get.name)(_.toString), "V001")
          })
        }
        val table = tableOf(stable, present)
        val now = present.map(s => s.id -> (usage(table, s.id), fold(table, s.id))).toMap
        now.foreach { case (id, side) => assert(sides.get(id).forall(_ == side), id) }
        sides ++= now
        val weights = first.parts.weights
        now.values.groupBy(identity).values.map(_.size).toSeq.sorted
          .zip(weights.map(_.toDouble / weights.sum * now.size).toSeq.sorted)
          .foreach { case (got, exact) => assert(math.abs(got - exact) <= 5, s"$got for $exact") }
      }
    }
  }

  test("VER-3 stable - a part that the plan does not draw - is kept, outside the ratio") {
    val test = ids(10, "test").map(id => sample(id).copy(earlier = Some("TEST" -> "V001")))
    val usages = divide(plan.withEarlier(EarlierParts.KEEP), ids(50).map(sample) ++ test)
    assert(count(usages) == Map(Some(Usage.TRAIN) -> 40, Some(Usage.EVAL) -> 10,
      Some(Usage.TEST) -> 10))
  }

  test("VER-3 stable - a sample that lost its labels - has no part until it is labelled again") {
    val bare = sample("x").copy(labels = None, earlier = Some("EVAL" -> "V002"))
    val stable = plan.withEarlier(EarlierParts.KEEP)
    assert(divide(stable, ids(10).map(sample) :+ bare)("x").isEmpty)
    val again = bare.copy(labels = Some(Set("a")))
    assert(divide(stable, ids(10).map(sample) :+ again)("x").contains(Usage.EVAL))
  }

  test("VER-3 stable - a rule against an earlier version - fails and names the samples") {
    val moved = sample("x").copy(part = Some(Usage.TEST), earlier = Some("TRAIN" -> "V002"))
    val same = sample("y").copy(part = Some(Usage.TEST), earlier = Some("TEST" -> "V002"))
    val stable = plan.withEarlier(EarlierParts.KEEP)
    val e = intercept[DatasetException](divide(stable, ids(10).map(sample) :+ moved :+ same))
    assert(e.getMessage == "Cannot split: samples keep the part that they had in earlier " +
      "versions, and 'x' was in V002 TRAIN and 'x' is given TEST. Change the rule, the list or " +
      "the usage, or split without keeping earlier parts.")
  }

  test("VER-3 stable - a fold that is no longer there - fails and names the version") {
    val stable = new Division(new SplitParts.Folds(3, OptionalInt.empty), 1)
      .withEarlier(EarlierParts.KEEP)
    val e = intercept[DatasetException](
      divide(stable, ids(10).map(sample) :+ sample("x").copy(earlier = Some("4" -> "V002"))))
    assert(e.getMessage == "Cannot split into 3 folds: samples keep the fold that they had in " +
      "earlier versions, and 'x' was in fold 4 in V002. Ask for more folds, or split without " +
      "keeping earlier parts.")
  }

  test("VER-3 folds - held out samples - have their usage and no fold; one fold is for evaluation") {
    val held = ids(5, "held").map(id => sample(id).copy(part = Some(Usage.TEST)))
    val samples = ids(50).map(sample) ++ held
    Seq(OptionalInt.empty, OptionalInt.of(2)).foreach { eval =>
      val table = tableOf(new Division(new SplitParts.Folds(5, eval), 1), samples)
      val folds = samples.flatMap(s => fold(table, s.id).map(s.id -> _)).toMap
      assert(folds.size == 50 && folds.values.groupBy(identity).values.forall(_.size == 10))
      held.foreach(s => assert(usage(table, s.id).contains(Usage.TEST)))
      folds.foreach { case (id, fold) =>
        val expected = if (eval.isEmpty) None
          else Some(if (fold == 2) Usage.EVAL else Usage.TRAIN)
        assert(usage(table, id) == expected)
      }
    }
  }

  test("VER-3 groups - one sample is given or had a part - its group follows") {
    val grouped = ids(30).zipWithIndex.map { case (id, i) => sample(id).copy(group = f"g${i / 3}%02d") }
    val changed = grouped.map {
      case s if s.id == "id-000" => s.copy(part = Some(Usage.TEST))
      case s if s.id == "id-004" => s.copy(earlier = Some("EVAL" -> "V001"))
      case s if s.id == "id-005" => s.copy(labels = None)
      case s if s.group == "g02" => s.copy(earlierOfGroup = Seq("EVAL" -> "V001"))
      case s                     => s
    }
    val usages = divide(
      plan.withEarlier(EarlierParts.KEEP).withGroupKey(GroupKey.Standard.DIRECTORY), changed)
    assert(Seq("id-000", "id-001", "id-002").forall(usages(_).contains(Usage.TEST)))
    assert(Seq("id-003", "id-004", "id-006", "id-008").forall(usages(_).contains(Usage.EVAL)))
    assert(usages("id-005").isEmpty)
    grouped.groupBy(_.group).values.foreach { group =>
      assert(group.flatMap(s => usages(s.id)).distinct.size == 1)
    }
  }

  test("VER-3 groups - samples that belong to two parts already - fails and names the groups") {
    val told = Seq("a" -> Usage.TRAIN, "b" -> Usage.EVAL)
      .map { case (id, part) => sample(id).copy(group = "g1", part = Some(part)) }
    val earlier = Seq("c" -> "TRAIN", "d" -> "TEST")
      .map { case (id, part) => sample(id).copy(group = "g2", earlier = Some(part -> "V001")) }
    val e = intercept[DatasetException](
      divide(plan.withEarlier(EarlierParts.KEEP), told ++ earlier ++ ids(10).map(sample)))
    assert(e.getMessage == "Cannot split: the samples of a group stay in one part, and of 'g1' " +
      "'a' is given TRAIN and 'b' is given EVAL; of 'g2' 'c' was in V001 TRAIN and 'd' was in " +
      "V001 TEST. Change the rule, the list or the usage, choose another group key, or split " +
      "without groups or without keeping earlier parts.")
  }

  test("VER-3 list - ids and addresses of every form - are applied") {
    val lines = "\uFEFFsample,usage\r\n" +
      "id-000,test\r\n\r\n\"id,1\",EVAL\r\n/data//b.jpg,TEST\r\ns3a://b/k%.jpg,TRAIN\r\n" +
      "#7,TEST\r\nid-000,TEST\r\nfile:/data/c%20d.jpg,EVAL\r\n"
    val samples = ids(3).map(sample) ++ Seq(
      sample("id,1"), sample("#7"),
      sample("b").copy(address = Some("file:///data/b.jpg")),
      sample("k").copy(address = Some("s3://b/k%.jpg")),
      sample("c").copy(address = Some("file:///data/c%20d.jpg")))
    val usages = divide(listed(list(lines)), samples)
    assert(usages.collect { case (id, Some(usage)) => id -> usage.name } == Map("id-000" -> "TEST",
      "id,1" -> "EVAL", "#7" -> "TEST", "b" -> "TEST", "k" -> "TRAIN", "c" -> "EVAL"))
  }

  test("VER-3 list - a part for the whole file - is that of lines without one; lists win over rules") {
    val file = list("id-001\nid-002,EVAL\n")
    val plan = listed(new PartList(file.file, Optional.of(Usage.TEST)))
    val ruled = ids(4).map(id => sample(id).copy(part = Some(Usage.TRAIN)))
    assert(divide(plan, ruled).view.mapValues(_.map(_.name)).toMap == Map("id-000" -> Some("TRAIN"),
      "id-001" -> Some("TEST"), "id-002" -> Some("EVAL"), "id-003" -> Some("TRAIN")))
  }

  test("VER-3 list - lines that cannot be applied - fails and names each with its number") {
    val cases = Table(
      ("lines", "reasons"),
      ("a,TEST\nnobody,TEST\n\n/no.jpg,EVAL\n",
        "line 2: no sample has the id or address 'nobody'; " +
          "line 4: no sample has the id or address '/no.jpg'"),
      ("a,TRIAN\nb\n,TEST\na,b,c\nd,TEST\n",
        "line 1: 'TRIAN' is no part (expected TRAIN, EVAL, TEST or INFERENCE); " +
          "line 2: it has no part; " +
          "line 3: expected an id or address and a part, in quotes where it holds a comma, and " +
          "got 2 values; " +
          "line 4: expected an id or address and a part, in quotes where it holds a comma, and " +
          "got 3 values"),
      ("a,TRAIN\nb,TEST\na,EVAL\n", "'a' is TRAIN by line 1 and EVAL by line 3"),
      ("a,TRAIN\n/data/a.jpg,EVAL\n", "'a' is TRAIN by line 1 and EVAL by line 2"),
      ((0 until 25).map(i => s"x$i,TEST\n").mkString,
        (1 to 20).map(i => s"line $i: no sample has the id or address 'x${i - 1}'")
          .mkString("; ") + " and 5 more")
    )
    forAll(cases) { (lines, reasons) =>
      val file = list(lines)
      val samples = Seq("a", "b").map(id =>
        sample(id).copy(address = Some(s"file:///data/$id.jpg")))
      val e = intercept[DatasetException](divide(listed(file), samples))
      assert(e.getMessage ==
        s"Cannot split by ${file.file}: $reasons. Correct these lines; nothing was published.")
    }
  }

  test("VER-3 list - two lists that contradict each other - fails and names file and line") {
    val Seq(one, other) = Seq("a,TEST\n", "b,TEST\na,EVAL\n").map(list(_))
    val e = intercept[DatasetException](
      divide(plan.withLists(JList.of(one, other)), Seq("a", "b").map(sample)))
    assert(e.getMessage.contains(
      s"'a' is TEST by ${one.file.fileName} line 1 and EVAL by ${other.file.fileName} line 2"))
  }

  test("VER-3 list - a file that cannot be read - fails in one sentence") {
    val missing = StorageUri.parse("/nowhere/list.csv")
    val e = intercept[DatasetException](
      divide(listed(new PartList(missing, Optional.empty)), Nil))
    assert(e.getMessage.startsWith("Cannot read the list /nowhere/list.csv: "), e.getMessage)
    val endless = list("a,TEST\n\"" + "x" * 200000)
    val quote = intercept[DatasetException](divide(listed(endless), Nil))
    assert(quote.getMessage.contains(
      "line 2: it is longer than 100000 characters, or a quote is never closed"))
  }

  private case class Sampled(
      id: String,
      group: String,
      labels: Option[Set[String]] = Some(Set("a")),
      address: Option[String] = None,
      part: Option[Usage] = None,
      earlier: Option[(String, String)] = None,
      earlierOfGroup: Seq[(String, String)] = Nil)

  private def sample(id: String): Sampled = Sampled(id, id)

  private def ids(count: Int, prefix: String = "id"): Seq[String] =
    (0 until count).map(i => f"$prefix-$i%03d")

  private def listed(list: PartList): Division = new Division(SplitParts.NOTHING_DRAWN, JList.of,
    JList.of(list), EarlierParts.IGNORE, GroupKey.Standard.NONE, 1)

  private def list(lines: String): PartList = {
    val file: Path = Files.createTempFile("millrace-list-", ".csv")
    file.toFile.deleteOnExit()
    new PartList(StorageUri.of(Files.writeString(file, lines)), Optional.empty)
  }

  private def tableOf(plan: Division, samples: Seq[Sampled]): PartTable = {
    val division = SampleDivision.of(plan)
    def earlier(was: (String, String)) = new SplitSample.Earlier(was._1, was._2)
    samples.sortBy(s => (s.group, s.id)).foreach { s =>
      division.add(new SplitSample(s.id, s.group, optional(s.address), s.labels.isDefined,
        s.labels.getOrElse(Set.empty).toSeq.sorted.asJava, optional(s.part),
        optional(s.earlier.map(earlier)), s.earlierOfGroup.map(earlier).asJava))
    }
    division.finish()
  }

  private def divide(plan: Division, samples: Seq[Sampled]): Map[String, Option[Usage]] = {
    val table = tableOf(plan, samples)
    samples.map(s => s.id -> usage(table, s.id)).toMap
  }

  private def usage(table: PartTable, id: String): Option[Usage] =
    Option(table.usage(id).orElse(null))

  private def fold(table: PartTable, id: String): Option[Int] = {
    val fold = table.fold(id)
    Option.when(fold.isPresent)(fold.getAsInt)
  }

  private def count(usages: Map[String, Option[Usage]]): Map[Option[Usage], Int] =
    usages.values.groupBy(identity).view.mapValues(_.size).toMap

  private def optional[T](value: Option[T]): Optional[T] =
    value.fold(Optional.empty[T])(Optional.of(_))
}
