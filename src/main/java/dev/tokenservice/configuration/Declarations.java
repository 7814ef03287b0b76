package dev.tokenservice.configuration;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the settings that the fields of classes declare. */
final class Declarations {

    private final List<?> found;
    private final List<Setting> settings = new ArrayList<>();
    private final Map<String, String> groups = new LinkedHashMap<>();
    private final Map<Class<?>, String> foundGroups = new LinkedHashMap<>();

    /** Takes the objects whose settings stand in the group that they are injected into. */
    Declarations(List<?> found) {
        this.found = found;
    }

    /**
     * Walks a class, and the classes of its groups.
     *
     * @throws IllegalStateException when a setting or a variable is declared twice
     */
    void walk(Class<?> type) {
        walk(type, "");
        checkUnique();
    }

    /** In the order in which the fields are declared. */
    List<Setting> settings() {
        return List.copyOf(settings);
    }

    /** Returns the description of each group, by its path. */
    Map<String, String> groups() {
        return Collections.unmodifiableMap(groups);
    }

    /** Returns the path of the group of each class that was found. */
    Map<Class<?>, String> foundGroups() {
        return Collections.unmodifiableMap(foundGroups);
    }

    private void walk(Class<?> group, String prefix) {
        for (Field field : group.getDeclaredFields()) {
            String path = prefix + field.getName();
            if (field.isAnnotationPresent(Variable.class)) {
                settings.add(new Setting(path, field));
            } else if (field.isAnnotationPresent(JsonProperty.class)) {
                groups.put(path, Setting.describe(field));
                walk(field.getType(), path + ".");
            } else if (field.getType() == FoundObjects.class) {
                found.forEach(object -> walkFound(object.getClass(), prefix));
            }
        }
    }

    private void walkFound(Class<?> group, String prefix) {
        SettingsGroup place = group.getAnnotation(SettingsGroup.class);
        if (place != null) {
            String path = prefix + place.value();
            groups.put(path, Setting.describe(group));
            foundGroups.put(group, path);
            walk(group, path + ".");
        }
    }

    private void checkUnique() {
        Set<String> names = new HashSet<>();
        for (Setting setting : settings) {
            List<String> ofSetting = new ArrayList<>(setting.variables());
            ofSetting.add(setting.path());
            if (!Collections.disjoint(names, ofSetting)) {
                throw new IllegalStateException(setting.field() + " declares again what is declared: " + ofSetting);
            }
            names.addAll(ofSetting);
        }
    }
}
