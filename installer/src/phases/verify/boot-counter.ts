/**
 * The script that the sample VM is given. CirrOS runs it once per instance, so it puts itself among the scripts of
 * every boot. It counts on the raw data disk: no file system has to be made, and a lost disk starts at 1 again.
 */
export const bootCounter = `#!/bin/sh
cat > /etc/rc3.d/S97-novasphere <<'END'
#!/bin/sh
[ "$1" = stop ] && exit 0
for disk in /dev/vdb /dev/vdc /dev/vdd; do
  [ -b $disk ] || continue
  blkid $disk | grep -qi cidata && continue
  boots=$(dd if=$disk bs=16 count=1 2>/dev/null | tr -dc 0-9)
  boots=$((\${boots:-0} + 1))
  printf '%-15s\\n' $boots | dd of=$disk bs=16 count=1 conv=notrunc 2>/dev/null
  sync
  echo "novasphere-boot=$boots" > /dev/ttyS0
  break
done
END
chmod 755 /etc/rc3.d/S97-novasphere
/etc/rc3.d/S97-novasphere start
`;
