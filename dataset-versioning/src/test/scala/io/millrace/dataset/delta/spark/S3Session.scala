package io.millrace.dataset.delta.spark

import io.millrace.dataset.storage.S3Server

/** The shared session and this process with the settings of the S3 server of the suites. */
trait S3Session { this: SharedSparkSession =>

  /** Does something while Spark and Kernel know the server, for `s3://` and `obs://` alike. */
  def inS3[T](work: => T): T = S3Server.inSession(spark.sparkContext.hadoopConfiguration)(work)
}
