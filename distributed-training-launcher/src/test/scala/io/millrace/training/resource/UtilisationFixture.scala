package io.millrace.training.resource

object UtilisationFixture {

  /** Looks as a sampler writes them. */
  def write(log: UtilisationLog, looks: Seq[UtilisationLook]): Unit = looks.foreach(log.add)
}
