package io.millrace.dataset.delta.spark

import scala.jdk.CollectionConverters._

import io.millrace.dataset.storage.S3Server

/** The shared session and this process with the settings of the S3 server of the suites. */
trait S3Session { this: SharedSparkSession =>

  /** Does something while Spark and Kernel know the server, for `s3://` and `obs://` alike. */
  def inS3[T](work: => T): T = S3Server.inProcess {
    val hadoop = spark.sparkContext.hadoopConfiguration
    val settings = S3Server.settings.properties.asScala ++ S3Server.obsSettings.properties.asScala
    settings.foreach { case (name, value) => hadoop.set(name, value) }
    try work
    finally settings.keys.foreach(hadoop.unset)
  }
}
