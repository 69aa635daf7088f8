package io.millrace.training.gang

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.gang.OutputMirror.Pass
import io.millrace.training.{OutputPreparation, TrainingFixture}

class OutputMirrorSuite extends AnyFunSuite with TrainingFixture {

  test("TRN-5 outputs - a new file - is copied once it stayed the same for one period") {
    val mirror = prepared(OutputPreparation.EMPTY)
    write(node(0).resolve("a/model.bin"), "one")
    assert(mirror.sync(Pass.PERIODIC).files === 0)
    assert(mirror.sync(Pass.PERIODIC).files === 1)
    assert(Files.readString(out.resolve("a/model.bin")) === "one")
    assert(mirror.sync(Pass.PERIODIC).files === 0)
  }

  test("TRN-5 outputs - a changed file - is copied again, an unchanged one is not") {
    val mirror = prepared(OutputPreparation.EMPTY)
    write(node(0).resolve("a"), "one")
    write(node(0).resolve("b"), "one")
    assert(mirror.sync(Pass.FINAL).files === 2)
    write(node(0).resolve("b"), "two!")
    val report = mirror.sync(Pass.FINAL)
    assert((report.files, report.bytes) === ((1, 4L)))
    assert(Files.readString(out.resolve("b")) === "two!")
  }

  test("TRN-5 outputs - after the last look - location holds no part of a file and no .tmp") {
    val mirror = prepared(OutputPreparation.EMPTY)
    write(node(0).resolve("model"), "m")
    write(node(0).resolve("model.tmp"), "half")
    mirror.sync(Pass.FINAL)
    assert(names(out) === Set("model"))
  }

  test("TRN-5 outputs - two nodes write the same name - the lowest node's is kept, told once") {
    val mirror = prepared(OutputPreparation.EMPTY)
    write(node(1).resolve("log.txt"), "of node 1")
    assert(mirror.sync(Pass.FINAL).conflicts.isEmpty)
    write(node(0).resolve("log.txt"), "of node 0")
    write(node(1).resolve("own.txt"), "1")
    assert(
      mirror.sync(Pass.FINAL).conflicts.asScala ===
        Seq("log.txt is written by worker-0 and worker-1; that of worker-0 is kept")
    )
    write(node(1).resolve("log.txt"), "of node 1 again")
    assert(mirror.sync(Pass.FINAL).conflicts.isEmpty)
    assert(Files.readString(out.resolve("log.txt")) === "of node 0")
    assert(Files.readString(out.resolve("own.txt")) === "1")
  }

  test("TRN-5 outputs - a file removed by the script - stays at the location") {
    val mirror = prepared(OutputPreparation.EMPTY)
    write(node(0).resolve("old"), "x")
    mirror.sync(Pass.FINAL)
    Files.delete(node(0).resolve("old"))
    mirror.sync(Pass.FINAL)
    assert(names(out) === Set("old"))
  }

  test("TRN-5 outputs - downloaded - reach each node and are not copied back unchanged") {
    write(out.resolve("ckpt/last"), "7")
    val mirror = prepared(OutputPreparation.DOWNLOADED)
    assert(Files.readString(node(1).resolve("ckpt/last")) === "7")
    assert(mirror.sync(Pass.FINAL).files === 0)
    write(node(1).resolve("ckpt/last"), "8!")
    assert(mirror.sync(Pass.FINAL).files === 1)
    assert(Files.readString(out.resolve("ckpt/last")) === "8!")
  }

  test("TRN-7 outputs - prepared again for a restart - are those of this run, not older ones") {
    write(out.resolve("older"), "x")
    val mirror = prepared(OutputPreparation.EMPTY)
    assert(names(node(0)) === Set())
    write(node(0).resolve("ckpt"), "1")
    mirror.sync(Pass.FINAL)
    io.millrace.training.FileTree.delete(directory.resolve("nodes"))
    assert(mirror.prepare(0) === 1)
    assert(mirror.prepare(1) === 1)
    assert(names(node(1)) === Set("ckpt"))
  }

  test("TRN-5 outputs - a name taken by a directory - fails by name while others are copied") {
    val mirror = prepared(OutputPreparation.EMPTY)
    write(out.resolve("a/below"), "x")
    write(node(0).resolve("a"), "1")
    write(node(0).resolve("b"), "1")
    val report = mirror.sync(Pass.FINAL)
    assert(report.files === 1)
    assert(report.failures.asScala.map(_.takeWhile(_ != ':')) === Seq(s"Cannot copy a of worker-0 to $out"))
    assert(names(out) === Set("a/below", "b"))
  }

  private def node(index: Int): Path = directory.resolve(s"nodes/$index")

  private def prepared(preparation: OutputPreparation): OutputMirror = {
    val mirror = OutputMirror.ofOutput(new DirectoryTarget(out), preparation, java.util.List.of(node(0), node(1)))
    mirror.prepare(0)
    mirror.prepare(1)
    mirror
  }

  private def names(root: Path): Set[String] = {
    val files = Files.walk(root)
    try files.iterator.asScala.filter(Files.isRegularFile(_)).map(root.relativize(_).toString).toSet
    finally files.close()
  }
}
