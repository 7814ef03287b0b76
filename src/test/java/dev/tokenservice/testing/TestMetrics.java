package dev.tokenservice.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code /prometheus} answers, read as Prometheus reads it (text exposition format 0.0.4).
 *
 * @param help the help text of each metric
 * @param types the type of each metric
 * @param samples every line with a value
 */
public record TestMetrics(Map<String, String> help, Map<String, String> types, List<Sample> samples) {

    private static final Pattern META = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern SERIES_SUFFIX = Pattern.compile("_(bucket|count|sum)$");

    /** One series and its value. */
    public record Sample(String name, Map<String, String> labels, double value) {}

    /** Reads the answer of a service. */
    public static TestMetrics of(TestService service) {
        return parse(service.sendToAdmin(Request.get("/prometheus")).body());
    }

    /** Reads a text, of which every line has to be well-formed. */
    public static TestMetrics parse(String text) {
        TestMetrics metrics = new TestMetrics(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
        text.lines().forEach(metrics::add);
        return metrics;
    }

    private void add(String line) {
        Matcher meta = META.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (meta.matches()) {
            (meta.group(1).equals("HELP") ? help : types).put(meta.group(2), meta.group(3));
        } else if (sample.matches()) {
            samples.add(
                    new Sample(sample.group(1), labels(sample.group(2)), Double.parseDouble(value(sample.group(3)))));
        } else {
            throw new IllegalArgumentException("no line of the text format: " + line);
        }
    }

    private static String value(String text) {
        return text.replace("Inf", "Infinity");
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text == null ? "" : text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    /** The metric that a series belongs to: that of a histogram has other names than its series. */
    public String metric(String series) {
        String stem = SERIES_SUFFIX.matcher(series).replaceFirst("");
        return types.containsKey(series) || !types.containsKey(stem) ? series : stem;
    }

    /** The names of the service's own metrics. */
    public Set<String> own() {
        return types.keySet().stream()
                .filter(name -> name.startsWith("token_service_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The labels of a metric, without the one that every bucket has. */
    public Set<String> labels(String metric, String except) {
        return samples.stream()
                .filter(sample -> metric(sample.name()).equals(metric))
                .flatMap(sample -> sample.labels().keySet().stream())
                .filter(label -> !label.equals(except))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The values that a label of a series has. */
    public Set<String> values(String series, String label) {
        return samples.stream()
                .filter(sample ->
                        sample.name().equals(series) && sample.labels().containsKey(label))
                .map(sample -> sample.labels().get(label))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The value of the only series with this name. */
    public double value(String series, Map<String, String> labels) {
        List<Sample> found = samples.stream()
                .filter(sample ->
                        sample.name().equals(series) && sample.labels().equals(labels))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(series + labels + " is there " + found.size() + " times");
        }
        return found.get(0).value();
    }
}
