import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;

/**
 * One OpenSearch node from jars. Its arguments are its folder, which has config/opensearch.yml, and
 * the class names of further plugins.
 */
public class SingleNode extends Node {
  SingleNode(Environment environment, List<Class<? extends Plugin>> plugins) {
    super(environment, plugins, true);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    System.setProperty("opensearch.path.home", home.toString());
    Settings settings = Settings.builder().put("path.home", home).build();
    Environment environment = InternalSettingsPreparer.prepareEnvironment(
        settings, Map.of(), home.resolve("config"), () -> "node");
    LogConfigurator.setNodeName("node");
    LogConfigurator.configure(environment);
    List<Class<? extends Plugin>> plugins = new ArrayList<>();
    plugins.add(find("transport.Netty4Plugin", "transport.Netty4ModulePlugin"));
    plugins.add(find("analysis.common.CommonAnalysisPlugin", "analysis.common.CommonAnalysisModulePlugin"));
    for (int i = 1; i < arguments.length; i++) {
      plugins.add(Class.forName(arguments[i]).asSubclass(Plugin.class));
    }
    new SingleNode(environment, plugins).start();
    Thread.currentThread().join();
  }

  /** A plugin of OpenSearch up to 2, or from 3 on. */
  private static Class<? extends Plugin> find(String... names) throws ClassNotFoundException {
    for (String name : names) {
      try {
        return Class.forName("org.opensearch." + name).asSubclass(Plugin.class);
      } catch (ClassNotFoundException missing) {
        // The next name.
      }
    }
    throw new ClassNotFoundException(names[0]);
  }
}
