package io.millrace.training.resource

import java.time.Instant
import java.util.{OptionalDouble, Set => JSet, TreeMap => JTreeMap}

import scala.jdk.CollectionConverters._

object UtilisationFixture {

  /** Looks as a sampler writes them. */
  def write(log: UtilisationLog, looks: Seq[UtilisationLook]): Unit = looks.foreach(log.add)

  def look(time: Instant, machines: (String, MachineLook)*): UtilisationLook =
    new UtilisationLook(time, new JTreeMap(machines.toMap.asJava))

  /** A machine that is that busy, as are its first node and its GPUs, of which the first is used. */
  def machine(percent: Double, nodes: Seq[Int], gpus: Seq[Int]): MachineLook = {
    val loads = new JTreeMap[Integer, ProcessorLoad]()
    nodes.zipWithIndex.foreach { case (node, i) => loads.put(node, new ProcessorLoad(percent / (i + 1), 12, 1 << 20)) }
    val devices = gpus.map(index =>
      new DeviceLoad(DeviceLoad.Kind.GPU, index, OptionalDouble.of(percent), OptionalDouble.of(80)))
    MachineLook.of(new ProcessorLoad(percent, 41, 1 << 20), loads).withDevices(devices.asJava, JSet.of(0))
  }
}
