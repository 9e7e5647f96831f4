//! The product tree of a CSAF document: from product ids to names people and the catalogue can use.

use crate::lenient::Notes;
use serde_json::Value;
use std::collections::HashMap;

/// One product of the tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Product<'a> {
    pub(super) vendor: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) version: Option<String>,
    pub(super) cpe: Option<&'a str>,
    pub(super) purl: Option<&'a str>,
}

/// Product id → its definitions. One is right; real documents have ids that stand for two ranges, and then nothing
/// that is said about the id can be told to be about the one or the other.
pub(super) type Products<'a> = HashMap<&'a str, Vec<Product<'a>>>;

/// Definitions kept of one id.
const MAX_DEFINITIONS: usize = 8;

/// What the branches above a product say about it.
#[derive(Clone, Default)]
struct Path<'a> {
    vendor: Option<&'a str>,
    family: Option<&'a str>,
    name: Option<&'a str>,
    version: Option<String>,
}

/// Reads the whole tree. Unusable parts are noted with their path and left out. Recursion is bounded by the nesting
/// limit of the JSON reader.
pub(super) fn read<'a>(tree: &'a Value, notes: &mut Notes) -> Products<'a> {
    let mut products = Products::new();
    branches(tree, "/product_tree", &Path::default(), &mut products, notes);
    for (i, full) in notes.list(tree, "full_product_names", "/product_tree").iter().enumerate() {
        define(full, &format!("/product_tree/full_product_names/{i}"), &Path::default(), &mut products, notes);
    }
    relationships(tree, &mut products, notes);
    products
}

fn branches<'a>(node: &'a Value, at: &str, above: &Path<'a>, products: &mut Products<'a>, notes: &mut Notes) {
    for (i, branch) in notes.list(node, "branches", at).iter().enumerate() {
        let at = format!("{at}/branches/{i}");
        let mut path = above.clone();
        if let Some(name) = notes.text(branch, "name", &at).map(str::trim) {
            match notes.text(branch, "category", &at).unwrap_or_default() {
                "vendor" => path.vendor = Some(name),
                "product_family" => path.family = Some(name),
                "product_name" => path.name = Some(name),
                "product_version" | "product_version_range" => path.version = Some(name.to_owned()),
                // `10.0` below which stands `SP1` is version `10.0 SP1`.
                "service_pack" | "patch_level" => {
                    path.version =
                        Some(path.version.map_or_else(|| name.to_owned(), |version| format!("{version} {name}")));
                }
                // Architecture, language, platform, host name: narrower than a product, so leaving them out can only
                // report too much, never too little.
                _ => {}
            }
        }
        if let Some(full) = branch.get("product") {
            define(full, &format!("{at}/product"), &path, products, notes);
        }
        branches(branch, &at, &path, products, notes);
    }
}

fn define<'a>(full: &'a Value, at: &str, path: &Path<'a>, products: &mut Products<'a>, notes: &mut Notes) {
    let Some(id) = notes.needed(full, "product_id", at) else { return };
    let Some(name) = path.name.or(path.family).or_else(|| notes.needed(full, "name", at)) else { return };
    let (cpe, purl) = identifiers(full, at, notes);
    let product = Product { vendor: path.vendor, name, version: path.version.clone(), cpe, purl };
    insert(id, product, at, products, notes);
}

fn insert<'a>(id: &'a str, product: Product<'a>, at: &str, products: &mut Products<'a>, notes: &mut Notes) {
    let known = products.entry(id).or_default();
    if known.contains(&product) {
        return;
    }
    if !known.is_empty() {
        notes.add("product id defined twice", format!("{at}/product_id: {id}"));
    }
    if known.len() < MAX_DEFINITIONS {
        known.push(product);
    }
}

fn identifiers<'a>(full: &'a Value, at: &str, notes: &mut Notes) -> (Option<&'a str>, Option<&'a str>) {
    let Some(helper) = full.get("product_identification_helper") else { return (None, None) };
    let at = format!("{at}/product_identification_helper");
    (notes.text(helper, "cpe", &at), notes.text(helper, "purl", &at))
}

/// A relationship makes a new product out of two: a component *as part of* a platform. It is known by its own full
/// name, because what is said about it holds for the pair only: "openssh as a component of X: not affected" says
/// nothing about any other openssh. Version and package URL are the component's; the platform's CPE is not taken over.
fn relationships<'a>(tree: &'a Value, products: &mut Products<'a>, notes: &mut Notes) {
    for (i, relationship) in notes.list(tree, "relationships", "/product_tree").iter().enumerate() {
        let at = format!("/product_tree/relationships/{i}");
        let (Some(component), Some(platform)) = (
            notes.needed(relationship, "product_reference", &at),
            notes.needed(relationship, "relates_to_product_reference", &at),
        ) else {
            continue;
        };
        let at = format!("{at}/full_product_name");
        let full = &relationship["full_product_name"];
        let (Some(id), Some(name)) = (notes.needed(full, "product_id", &at), notes.needed(full, "name", &at)) else {
            continue;
        };
        for part in [component, platform] {
            if !products.contains_key(part) {
                notes.add("relationship with an unknown product", format!("{at}: {part}"));
            }
        }
        let (cpe, purl) = identifiers(full, &at, notes);
        let part = products.get(component).and_then(|known| known.first()).cloned().unwrap_or_default();
        let vendor = part.vendor.or_else(|| products.get(platform)?.first()?.vendor);
        insert(
            id,
            Product { vendor, name, version: part.version, cpe, purl: purl.or(part.purl) },
            &at,
            products,
            notes,
        );
    }
}
