package io.millrace.training.spark

import java.nio.file.Path
import java.time.Duration

import org.apache.spark.SparkConf
import org.apache.spark.api.java.JavaSparkContext
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.time.{Minutes, Span}
import org.scalatest.{BeforeAndAfterAll, Canceled, Outcome}

import io.millrace.training._
import io.millrace.training.gang.LaunchSettings

/**
 * A real cluster with an application of two executors, two cores each, for the tests of a suite.
 * Cancelled where there is no distribution of Spark.
 */
trait BarrierFixture extends AnyFunSuite with TrainingFixture with BeforeAndAfterAll {

  protected var cluster: StandaloneCluster = _
  protected var spark: JavaSparkContext = _

  override protected def beforeAll(): Unit = {
    super.beforeAll()
    StandaloneCluster.distribution.foreach { home =>
      cluster = StandaloneCluster.start(home)
      spark = new JavaSparkContext(
        BarrierFixture.configuration(cluster.master).setAll(Seq(
          "spark.executor.resource.npu.amount" -> "2",
          "spark.executor.resource.gpu.amount" -> "1")))
      awaitSlots(4)
    }
  }

  override protected def afterAll(): Unit =
    try {
      if (spark != null) spark.stop()
      if (cluster != null) cluster.close()
    } finally super.afterAll()

  override protected def withFixture(test: NoArgTest): Outcome =
    StandaloneCluster.distribution.fold(Canceled(_), _ => super.withFixture(test))

  protected val nodes: BarrierSettings =
    BarrierSettings.of(TrainingFixture.python.executable.toString)

  protected def barrier(settings: LaunchSettings, nodes: BarrierSettings = nodes): BarrierLauncher =
    new BarrierLauncher(spark, settings, nodes, java.time.Clock.systemUTC())

  /** Until the executors are there. */
  protected def awaitSlots(count: Int): Unit =
    eventually(timeout(Span(3, Minutes)))(
      assert(new SparkSlots(spark, nodes).count(java.util.Optional.empty()) === count))

  protected def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofSeconds(120))
}

object BarrierFixture {

  def configuration(master: String): SparkConf =
    BarrierLauncher.prepare(
      new SparkConf(false)
        .setMaster(master)
        .setAppName("training")
        .setAll(Seq(
          "spark.ui.enabled" -> "false",
          "spark.driver.host" -> "127.0.0.1",
          "spark.driver.bindAddress" -> "127.0.0.1",
          "spark.cores.max" -> "4",
          "spark.executor.cores" -> "2",
          "spark.executor.memory" -> "512m",
          "spark.executor.extraJavaOptions" -> "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
          "spark.executor.extraClassPath" -> ourClasses.mkString(java.io.File.pathSeparator)
        )))

  /** What executors need of ours. */
  def ourClasses: Seq[String] =
    Seq[Class[_]](classOf[TrainingLauncher], classOf[io.millrace.dataset.StorageUri])
      .map(each => Path.of(each.getProtectionDomain.getCodeSource.getLocation.toURI).toString)
}
