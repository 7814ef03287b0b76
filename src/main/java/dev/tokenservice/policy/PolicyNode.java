package dev.tokenservice.policy;

import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.files.UnusableFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value of a policy file at its place. What it is not is noted as a problem, and then it is as if it were not there. */
record PolicyNode(Node node, PolicyProblems problems) {

    void problem(String what) {
        problems.add(node.getStartMark(), what);
    }

    void warn(String what) {
        problems.warn(node.getStartMark(), what);
    }

    /**
     * Notes a problem within a text.
     *
     * @param offset in characters from its beginning
     */
    void problemAt(int offset, String what) {
        if (node instanceof ScalarNode scalar) {
            problems.add(scalar, offset, what);
        } else {
            problem(what);
        }
    }

    /** Notes that a file that is named here cannot be used. */
    void unusable(UnusableFileException problem) {
        problems.add(node.getStartMark(), problem);
    }

    /** The members of a mapping, whose keys are all of these. */
    Map<String, PolicyNode> members(List<String> known) {
        return members(
                key -> known.contains(key.written()),
                key -> "the key " + PolicyProblems.quoted(key.written()) + " is unknown; the keys here are "
                        + String.join(", ", known) + Suggestion.among(known, key.written()));
    }

    /** The members of a mapping with keys of any name. */
    Map<String, PolicyNode> members() {
        return members(key -> true, key -> "");
    }

    private Map<String, PolicyNode> members(Predicate<PolicyNode> isKnown, Function<PolicyNode, String> unknown) {
        Map<String, PolicyNode> members = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            problem("must be a mapping of keys and values, found " + kind());
            return members;
        }
        for (NodeTuple member : mapping.getValue()) {
            PolicyNode key = new PolicyNode(member.getKeyNode(), problems);
            if (!(member.getKeyNode() instanceof ScalarNode)) {
                key.problem("a key must be a text, found " + key.kind());
            } else if (!isKnown.test(key)) {
                key.problem(unknown.apply(key));
            } else if (members.putIfAbsent(key.written(), new PolicyNode(member.getValueNode(), problems)) != null) {
                key.problem("the key " + PolicyProblems.quoted(key.written()) + " is repeated");
            }
        }
        return members;
    }

    /** The items of a list that has some. */
    List<PolicyNode> items() {
        if (node instanceof SequenceNode sequence && sequence.getValue().isEmpty()) {
            problem("must not be empty: leave the key out, or name at least one");
        }
        return itemsOrNone();
    }

    /** The items of a list. */
    List<PolicyNode> itemsOrNone() {
        if (!(node instanceof SequenceNode sequence)) {
            problem("must be a list, found " + kind());
            return List.of();
        }
        return sequence.getValue().stream()
                .map(item -> new PolicyNode(item, problems))
                .toList();
    }

    /** A text. */
    Optional<String> text() {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.STR)) {
            if (scalar.getValue().isBlank()) {
                problem("must not be empty");
                return Optional.empty();
            }
            return Optional.of(scalar.getValue());
        }
        problem("must be a text, found " + kind() + (node instanceof ScalarNode ? ": put it in quotes" : ""));
        return Optional.empty();
    }

    /** One of a few texts. */
    Optional<String> choice(List<String> choices) {
        Optional<String> text = text();
        if (text.isPresent() && !choices.contains(text.get())) {
            problem("must be " + String.join(" or ", choices) + ", found " + PolicyProblems.quoted(text.get())
                    + Suggestion.among(choices, text.get()));
            return Optional.empty();
        }
        return text;
    }

    /** True or false; written so, and not otherwise. */
    boolean flag() {
        if (node instanceof ScalarNode scalar
                && node.getTag().equals(Tag.BOOL)
                && List.of("true", "false").contains(scalar.getValue())) {
            return scalar.getValue().equals("true");
        }
        problem("must be true or false, found " + kind());
        return false;
    }

    /** How it is written, where it is one value. */
    String written() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private String kind() {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        return node.getTag().equals(Tag.NULL) ? "nothing" : PolicyProblems.quoted(written());
    }

    /** Every text of a list. */
    List<Placed> texts() {
        return items().stream()
                .flatMap(item -> item.text().map(text -> new Placed(text, item)).stream())
                .collect(Collectors.toUnmodifiableList());
    }

    /** A text, or every text of a list. */
    List<Placed> oneOrMore() {
        return isList()
                ? texts()
                : text().map(text -> new Placed(text, this)).stream().toList();
    }

    /** A whole number between two others. */
    Optional<Integer> number(int least, int most) {
        Optional<Integer> number = Optional.of(written())
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .filter(value -> value >= least && value <= most);
        if (number.isEmpty()) {
            problem("must be a whole number from " + least + " to " + most + ", found " + kind());
        }
        return number;
    }

    /** Any value: texts, whole numbers, true and false, in lists and maps. */
    Object value() {
        if (isMapping()) {
            Map<String, Object> values = new LinkedHashMap<>();
            members().forEach((key, member) -> values.put(key, member.value()));
            return values;
        }
        if (isList()) {
            return itemsOrNone().stream().map(PolicyNode::value).toList();
        }
        if (node.getTag().equals(Tag.INT)) {
            return Long.valueOf(written());
        }
        return node.getTag().equals(Tag.BOOL) ? Boolean.valueOf(written()) : written();
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    /** Whether its keys have a line each, so that the file can be cut off between two of them. */
    boolean isBlock() {
        return node instanceof MappingNode mapping && mapping.getFlowStyle() == FlowStyle.BLOCK;
    }

    /** Whether the file ends with a value that may have lost its end: one that neither a bracket nor a quotation mark closes. */
    boolean endsOpen() {
        Node last = node;
        while (last instanceof CollectionNode<?> collection
                && collection.getFlowStyle() == FlowStyle.BLOCK
                && !collection.getValue().isEmpty()) {
            Object item = collection.getValue().get(collection.getValue().size() - 1);
            last = item instanceof NodeTuple member ? member.getValueNode() : (Node) item;
        }
        return problems.endWithinLine()
                && last instanceof ScalarNode scalar
                && scalar.getScalarStyle() != ScalarStyle.SINGLE_QUOTED
                && scalar.getScalarStyle() != ScalarStyle.DOUBLE_QUOTED;
    }

    boolean isBehind(PolicyNode other) {
        return node.getStartMark().getIndex() > other.node.getStartMark().getIndex();
    }

    /** The line on which it starts, from 1. */
    int line() {
        return node.getStartMark().getLine() + 1;
    }

    /** A text with its place. */
    record Placed(String text, PolicyNode node) {}
}
