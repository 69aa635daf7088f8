package io.millrace.jobs.cli

import java.nio.file.Path

/** What classes a command loads that runs in a process of its own. */
object LoadedClasses {
  def of(arguments: Seq[String]): Seq[String] = {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString
    val process = new ProcessBuilder(
      (Seq(java, "-Xlog:class+load:stdout", "-cp", System.getProperty("java.class.path"), "io.millrace.jobs.Millrace") ++ arguments): _*
    ).redirectError(ProcessBuilder.Redirect.DISCARD).start()
    val lines = scala.io.Source.fromInputStream(process.getInputStream).getLines().toList
    assert(process.waitFor() == ExitCode.DONE, arguments)
    lines
  }
}
