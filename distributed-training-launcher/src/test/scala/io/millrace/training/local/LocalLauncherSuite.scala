package io.millrace.training.local

import java.nio.file.Path
import java.time.Clock

import io.millrace.training._
import io.millrace.training.gang.LaunchSettings

class LocalLauncherSuite extends TrainingLauncherBehaviors {

  override protected def launcher(settings: LaunchSettings): TrainingLauncher =
    new LocalLauncher(settings, TrainingFixture.python, Clock.systemUTC())

  override protected def deaths: (Int, Int) = (90, 10)

  override protected def launcherProgram: String = "io.millrace.training.local.LaunchTwoLocalNodes"
}

object LaunchTwoLocalNodes extends LaunchTwoNodes {
  override def launcher(settings: LaunchSettings, python: Path, more: Seq[String]): TrainingLauncher =
    new LocalLauncher(settings, new PythonInterpreter(python, ""), Clock.systemUTC())
}
