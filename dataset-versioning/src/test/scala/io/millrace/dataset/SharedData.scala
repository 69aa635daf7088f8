package io.millrace.dataset

import java.nio.file.{Files, Path}

import org.scalatest.Assertions

/** Finds the real-data samples beside the repository; cancels a test where they are not there. */
trait SharedData extends Assertions {
  def sharedData(name: String): Path = {
    val parents = Iterator.iterate(Path.of(sys.props("user.dir")).toAbsolutePath)(_.getParent)
    val candidates = sys.env.get("MILLRACE_SHARED").map(Path.of(_)).iterator ++
      parents.takeWhile(_ != null).map(_.resolve("shared"))
    candidates.map(_.resolve("data").resolve(name)).find(Files.exists(_)).getOrElse(
      cancel(s"the sample data shared/data/$name is not beside the repository"))
  }
}
