import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/** One OpenSearch node from jars. Its argument is its folder, which has config/opensearch.yml. */
public class SingleNode extends Node {
  SingleNode(Environment environment) {
    super(environment, List.of(Netty4Plugin.class, CommonAnalysisPlugin.class), true);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    System.setProperty("opensearch.path.home", home.toString());
    Settings settings = Settings.builder().put("path.home", home).build();
    Environment environment = InternalSettingsPreparer.prepareEnvironment(
        settings, Map.of(), home.resolve("config"), () -> "node");
    LogConfigurator.setNodeName("node");
    LogConfigurator.configure(environment);
    new SingleNode(environment).start();
    Thread.currentThread().join();
  }
}
