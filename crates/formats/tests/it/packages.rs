//! Lists of packages, as the tools print them.

use crate::shown::shown;
use tomomori_domain::import::{Field, TableKind};
use tomomori_formats::packages::{self, Packaging};

const DPKG: &str = include_str!("../../../../fixtures/packages/dpkg-l.txt");
const RPM: &str = include_str!("../../../../fixtures/packages/rpm-qa.txt");

#[test]
fn dpkg_with_prompt_and_release() {
    let table = packages::read("pacs.txt", DPKG.as_bytes()).unwrap();
    assert_eq!(table.kind, TableKind::Components);
    assert_eq!(
        shown(&table),
        [
            "1: 1 hostname=pacs01",
            "2: 2 name=Ubuntu; 2 kind=operating-system; 2 version=22.04",
            "12: 12 name=adduser; 12 version=3.118ubuntu5; 12 purl=pkg:deb/ubuntu/adduser@3.118ubuntu5?arch=all&distro=ubuntu-22.04",
            "13: 13 name=libstdc++6; 13 version=12.3.0-1ubuntu1~22.04; 13 purl=pkg:deb/ubuntu/libstdc%2B%2B6@12.3.0-1ubuntu1~22.04?arch=amd64&distro=ubuntu-22.04",
            "15: 15 name=openssl; 15 version=3.0.2-0ubuntu1.12; 15 purl=pkg:deb/ubuntu/openssl@3.0.2-0ubuntu1.12?arch=amd64&distro=ubuntu-22.04",
            "16: 16 name=vim; 16 version=2:8.2.3995-1ubuntu2; 16 purl=pkg:deb/ubuntu/vim@2:8.2.3995-1ubuntu2?arch=amd64&distro=ubuntu-22.04",
        ]
    );
    assert!(table.problems.is_empty(), "{:?}", table.problems);
}

#[test]
fn old_dpkg_cuts_names() {
    let text = "||/ Name           Version      Architecture Description\n+++-==============-============-============-=====\nii  adduser        3.118        all          add\nii  libapache2-mod 2.4          amd64        x\n";
    let table = packages::read("x", text.as_bytes()).unwrap();
    let problems: Vec<_> = table.problems.iter().map(|p| (p.place.line, p.msg.key.as_str())).collect();
    assert_eq!(problems, [(None, "tables-list-without-host"), (Some(2), "tables-names-cut")]);
    assert_eq!(table.rows[0].get(Field::Purl), Some("pkg:deb/adduser@3.118?arch=all"));
}

#[test]
fn dpkg_query() {
    for text in [
        "adduser\t3.118+deb11u1\nlibc6:amd64\t2.31-13\nvim\t2:8.2\n",
        "adduser 3.118+deb11u1 all\nlibc6 2.31-13 amd64\nvim 2:8.2 amd64\n",
    ] {
        let table = packages::read("x", text.as_bytes()).unwrap();
        assert_eq!(table.rows.len(), 3, "{text}");
        assert_eq!(table.rows[1].get(Field::Purl), Some("pkg:deb/debian/libc6@2.31-13?arch=amd64"), "{text}");
    }
}

#[test]
fn rpm_plain() {
    let table = packages::read("ris.txt", RPM.as_bytes()).unwrap();
    assert_eq!(
        shown(&table),
        [
            "1: 1 hostname=ris01",
            "2: 2 name=Rocky Linux; 2 kind=operating-system; 2 version=9.2",
            "4: 4 name=bash; 4 version=5.1.8-6.el9; 4 purl=pkg:rpm/rocky/bash@5.1.8-6.el9?arch=x86_64&distro=rocky-9.2",
            "5: 5 name=tzdata; 5 version=2023c-1.el9; 5 purl=pkg:rpm/rocky/tzdata@2023c-1.el9?arch=noarch&distro=rocky-9.2",
            "7: 7 name=libstdc++; 7 version=11.3.1-4.3.el9; 7 purl=pkg:rpm/rocky/libstdc%2B%2B@11.3.1-4.3.el9?arch=x86_64&distro=rocky-9.2",
            "8: 8 name=bind; 8 version=32:9.16.23-11.el9; 8 purl=pkg:rpm/rocky/bind@9.16.23-11.el9?arch=x86_64&distro=rocky-9.2&epoch=32",
        ]
    );
    assert!(table.problems.is_empty(), "{:?}", table.problems);
}

#[test]
fn rpm_with_a_query_format() {
    for text in [
        "bash 5.1.8 6.el9 x86_64\nbind 32:9.16.23-11.el9 x86_64\nglibc 2.34-60.el9 x86_64\n",
        "bash|(none)|5.1.8|6.el9|x86_64\nbind|32|9.16.23|11.el9|x86_64\nglibc|(none)|2.34|60.el9|x86_64\n",
        "\"bash\",\"5.1.8-6.el9\",\"x86_64\"\n\"bind\",\"32:9.16.23-11.el9\",\"x86_64\"\n\"glibc\",\"2.34-60.el9\",\"x86_64\"\n",
        "bash-5.1.8-6.el9.x86_64   2026年11月11日 10時00分00秒\nbind-32:9.16.23-11.el9.x86_64 x\nglibc-2.34-60.el9.x86_64 x\n",
    ] {
        let table = packages::read("x", text.as_bytes()).unwrap();
        let rows: Vec<_> = table.rows.iter().map(|row| (row.get(Field::Name), row.get(Field::Version))).collect();
        let want = [("bash", "5.1.8-6.el9"), ("bind", "32:9.16.23-11.el9"), ("glibc", "2.34-60.el9")];
        assert_eq!(rows, want.map(|(name, version)| (Some(name), Some(version))), "{text}");
        assert_eq!(table.rows[1].get(Field::Purl), Some("pkg:rpm/bind@9.16.23-11.el9?arch=x86_64&epoch=32"), "{text}");
    }
}

#[test]
fn other_texts_are_no_packages() {
    for text in [
        "hello\n",
        "name\tversion\nabc\tdef\n",
        "Dear all,\nplease find 3 files\nkind regards\n",
        "name 10.0.0.1 x\nname 10.0.0.2 y\nname 10.0.0.3 z\n",
        "srv-a\t10.0.0.1\nsrv-b\t10.0.0.2\nsrv-c\t10.0.0.3\n",
        "pc-01\t2021-04-01\npc-02\t2021-04-01\npc-03\t2021-04-01\n",
        "PC01,10.0,19045,x86_64\nPC02,10.0,19045,x86_64\nPC03,10.0,19045,x86_64\n",
        "pc01 12\npc02 13\npc03 14\n",
        "名称\t1\n端末\t2\n機器\t3\n",
        "",
    ] {
        assert_eq!(packages::kind_of(text), None, "{text}");
        assert!(packages::read("x", text.as_bytes()).is_err());
    }
    assert_eq!(packages::kind_of(DPKG), Some(Packaging::Deb));
    assert_eq!(packages::kind_of(RPM), Some(Packaging::Rpm));
}
