package io.millrace.dataset.storage

import scala.jdk.CollectionConverters._

/** Storage settings as arguments of a process. */
object StorageArguments {
  def of(settings: StorageSettings): Seq[String] =
    settings.properties.asScala.map { case (name, value) => s"$name=$value" }.toSeq

  /** Makes them the settings of this process. */
  def take(arguments: Seq[String]): Unit = arguments.map(_.split("=", 2)).foreach {
    case Array(name, value) => System.setProperty(StorageSettings.SYSTEM_PREFIX + name, value)
  }
}
