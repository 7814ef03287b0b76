package dev.tokenservice.configuration;

import java.io.StringReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/** YAML in which nothing refers to anything else, nothing is converted, and which is one document. */
public final class PlainYaml {

    private static final int MAX_DEPTH = 20;

    private PlainYaml() {}

    /** A parser with bounds. */
    public static Yaml parser() {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        return new Yaml(options);
    }

    /** Gets what is not plain, in the order of the text. */
    public interface Findings {

        /** A construct, with what to do about it. */
        void construct(Mark place, String what);

        /** Another document, after which nothing is read. */
        void secondDocument(Mark place);
    }

    /**
     * Reports everything that is not plain.
     *
     * @throws org.yaml.snakeyaml.error.YAMLException when the text is not YAML
     */
    public static void check(String text, Findings findings) {
        int documents = 0;
        for (Event event : parser().parse(new StringReader(text))) {
            documents += event instanceof DocumentStartEvent ? 1 : 0;
            if (documents > 1) {
                findings.secondDocument(event.getStartMark());
                return;
            }
            String problem = problem(event);
            if (!problem.isEmpty()) {
                findings.construct(event.getStartMark(), problem);
            }
        }
    }

    private static String problem(Event event) {
        if (event instanceof AliasEvent alias) {
            return "the alias *" + alias.getAnchor() + ": write the value itself";
        }
        if (event instanceof NodeEvent node && node.getAnchor() != null) {
            return "the anchor &" + node.getAnchor() + ": remove it; settings are not repeated by reference";
        }
        if (event instanceof CollectionStartEvent collection && collection.getTag() != null) {
            return "the tag " + collection.getTag() + ": remove it";
        }
        return event instanceof ScalarEvent scalar ? problem(scalar) : "";
    }

    private static String problem(ScalarEvent scalar) {
        if (scalar.getTag() != null) {
            return "the tag " + scalar.getTag() + ": remove it";
        }
        return scalar.isPlain() && scalar.getValue().equals("<<")
                ? "the merge key <<: write the settings themselves"
                : "";
    }
}
