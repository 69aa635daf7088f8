package io.millrace.dataset

import java.nio.file.Files

/**
 * Processes of one program that are killed, one after the other. The program prints `ready` when it
 * is warm, reads a line that says what to do, does it and prints another word. The next process
 * starts and gets warm while one works, and all but the first, which is not disturbed, use the
 * archive of loaded classes (AppCDS) that the first one leaves.
 *
 * @param mainClass the program
 * @param done the word it prints at its end
 */
final class KilledProcesses(mainClass: String, done: String, arguments: String*)
    extends AutoCloseable {
  private val archive = Files.createTempDirectory("millrace-classes-").resolve("classes.jsa")
  private var waiting: Option[WaitingProcess] = None

  /** Lets a process work to its end; says how long that took, in nanoseconds. */
  def undisturbed(line: String): Long = {
    val process = started("-XX:ArchiveClassesAtExit")
    process.await("ready")
    val start = System.nanoTime()
    process.go(line)
    process.await(done)
    val duration = System.nanoTime() - start
    assert(process.awaitEnd() == 0, "the undisturbed run failed")
    waiting = Some(started("-XX:SharedArchiveFile"))
    duration
  }

  /** Kills a process so long after it reached a stage, unless it ended before. */
  def kill(line: String, reached: () => Boolean, nanos: Long): Unit = {
    val process = waiting.getOrElse(started("-XX:SharedArchiveFile"))
    process.await("ready")
    waiting = Some(started("-XX:SharedArchiveFile"))
    process.go(line)
    process.killAfter(reached, nanos)
  }

  /** Ends the process that waits for a turn that does not come. */
  override def close(): Unit = waiting.foreach(_.killAfter(() => true, 0))

  private def started(flag: String) =
    new WaitingProcess(mainClass, s"$flag=$archive", arguments: _*)
}

object KilledProcesses {

  /**
   * Whether more entries are there than when this was asked first.
   *
   * @param entries lists them
   */
  def more(entries: () => Set[String]): () => Boolean = {
    var known: Option[Set[String]] = None
    () => {
      val now = entries()
      val before = known.getOrElse { known = Some(now); now }
      (now -- before).nonEmpty
    }
  }

  /** The names in a local directory, none where there is no such directory. */
  def names(directory: java.nio.file.Path, suffix: String = ""): Set[String] =
    Option(directory.toFile.list()).toSeq.flatten
      .filter(name => name.endsWith(suffix) && (suffix.isEmpty || !name.startsWith("."))).toSet
}
