package io.millrace.analysis.grouping

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.analysis.image.ImageFixtures
import io.millrace.dataset.{SampleId, StorageUri}

class GroupingSuite extends AnyFunSuite with ImageFixtures {

  test("ANA-4 descriptor - of any image - has its documented size and stays in range") {
    for ((name, picture) <- samples) {
      val descriptor = ImageDescriptor.of(picture)
      withClue(name) {
        assert(descriptor.length == ImageDescriptor.DIMENSIONS)
        assert(descriptor.forall(v => v >= -1.01 && v <= 1.01))
        assert(math.abs(descriptor.take(18).map(v => v * v).sum - 1) < 1e-9)
      }
    }
  }

  test("ANA-4 descriptor - of one colour - has no gradient and no frequency") {
    val descriptor = ImageDescriptor.of(filled(50, 30, 200, 40, 90))
    assert(descriptor.drop(24).forall(v => math.abs(v) < 1e-9))
  }

  test("ANA-4 descriptor - the same picture larger - stays near, another colour or pattern far") {
    val stripes = image(64, 64)((x, _) => grey(if (x / 8 % 2 == 0) 40 else 200))
    val larger = image(256, 256)((x, _) => grey(if (x / 32 % 2 == 0) 40 else 200))
    val turned = image(64, 64)((_, y) => grey(if (y / 8 % 2 == 0) 40 else 200))
    val red = image(64, 64)((x, _) => (if (x / 8 % 2 == 0) 40 else 200, 20, 20))
    assert(distance(stripes, larger) < 0.2)
    assert(distance(stripes, turned) > 1)
    assert(distance(stripes, red) > 0.5)
  }

  test("groups - named by size, equal ones by their smallest id - do not depend on numbers") {
    val members = new GroupMembers(2)
    add(members, 7, "d" -> 0.3, "e" -> 0.1, "f" -> 0.2)
    add(members, 2, "c" -> 0.5)
    add(members, 5, "b" -> 0.4)
    assert(members.names.asScala.map { case (k, v) => (k.intValue, v) } ==
      Map(7 -> "1", 5 -> "2", 2 -> "3"))
    val largest = members.groups.get(0)
    assert(largest.size == 3)
    assert(largest.representatives.asScala.map(_.id.value).toSeq == Seq("e", "f"))
  }

  test("groups - without representatives asked for - have none and keep their size") {
    val members = new GroupMembers(0)
    add(members, 0, "a" -> 1.0, "b" -> 2.0)
    assert(members.groups.asScala.map(g => (g.size, g.representatives.size)).toSeq == Seq((2, 0)))
  }

  private def add(members: GroupMembers, cluster: Int, samples: (String, Double)*): Unit =
    samples.foreach { case (id, distance) =>
      members.add(
        cluster, new GroupedSample(new SampleId(id), StorageUri.parse(s"/$id.jpg"), distance))
    }

  private def distance(a: io.millrace.analysis.image.BgrImage,
      b: io.millrace.analysis.image.BgrImage): Double = {
    val squares = ImageDescriptor.of(a).zip(ImageDescriptor.of(b)).map { case (x, y) =>
      (x - y) * (x - y)
    }
    math.sqrt(squares.sum)
  }
}
