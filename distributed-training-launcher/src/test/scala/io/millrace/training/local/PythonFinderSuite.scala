package io.millrace.training.local

import java.nio.file.attribute.PosixFilePermissions
import java.nio.file.{Files, Path}
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.{TrainingException, TrainingFixture}

class PythonFinderSuite extends AnyFunSuite with TrainingFixture {

  test("python - the first that imports the modules - is taken, those before are told") {
    val real = TrainingFixture.python.executable
    val broken = executable("bin/python3", "#!/bin/sh\nexit 9\n")
    val finder = new PythonFinder(
      JList.of("/nowhere/python", "python3", real.toString),
      JList.of(directory.resolve("empty"), directory.resolve("bin")),
      Path.of("/nowhere/apt-get")
    )
    val search = finder.find(JList.of("json", "os"))
    assert(search.require().version.startsWith("3."))
    assert(
      search.attempts.asScala.map(a => (a.command, a.why)) === Seq(
        ("/nowhere/python", "not found"),
        (broken.toString, "is no Python 3, exit code 9")
      )
    )
  }

  test("python - none imports the modules - says what was tried and the command that gets them") {
    val real = TrainingFixture.python.executable.toString
    def search(aptGet: Path) =
      new PythonFinder(JList.of(real), JList.of(), aptGet).find(JList.of("no_such_module"))
    val failure = intercept[TrainingException](search(Path.of("/nowhere/apt-get")).require())
    assert(
      failure.getMessage === s"Cannot find a Python that imports no_such_module: tried $real " +
        "(cannot import no_such_module: No module named 'no_such_module'). " +
        "Get it with: python3 -m pip install no_such_module"
    )
  }

  test("python - remedy for known modules - is apt-get on Debian, pip elsewhere") {
    val aptGet = executable("apt-get", "#!/bin/sh\n")
    def remedy(apt: Path) =
      new PythonFinder(JList.of(), JList.of(), apt).find(JList.of("torch", "numpy", "PIL")).remedy
    assert(remedy(aptGet) === "apt-get install --no-install-recommends python3 python3-torch python3-numpy python3-pil")
    assert(remedy(directory.resolve("none")) === "python3 -m pip install torch numpy pillow")
  }

  private def executable(name: String, text: String): Path = {
    val file = write(directory.resolve(name), text)
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"))
  }
}
